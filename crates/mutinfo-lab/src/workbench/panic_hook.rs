// Executed by each kernel at its start.
//
// The kernel reports a panic as a success with some text on stderr. A card says what happened.
std::panic::set_hook(Box::new(|panic| {
    let message = panic.payload_as_str().unwrap_or("no message");
    let html = message.replace('&', "&amp;").replace('<', "&lt;");
    println!(
        "EVCXR_BEGIN_CONTENT text/html\n\
         <div role=\"alert\" style=\"border-left: 6px solid rgb(213, 94, 0); \
         background-color: rgba(213, 94, 0, 0.14); padding: 8px 14px; max-width: 760px\">\
         <strong>✗ This cell panicked: it stopped half-way</strong>\
         <div style=\"margin-top: 4px\"><code>{html}</code></div>\
         <div style=\"margin-top: 4px\">What it would have defined does not exist. \
         Mend the cell and run it again.</div></div>\n\
         EVCXR_END_CONTENT\n\
         EVCXR_BEGIN_CONTENT text/plain\n[panic] {message}\nEVCXR_END_CONTENT"
    );
    eprintln!("This cell panicked: {message}");
}));
