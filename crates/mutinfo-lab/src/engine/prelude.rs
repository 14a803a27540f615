// Executed by each kernel at its start, and again where its cells' process had to be replaced.
//
// The front learns of a panic by a remark among what the cell prints.
std::panic::set_hook(Box::new(|panic| {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location();
    let (file, line, column) = place.map_or(("", 0, 0), |p| (p.file(), p.line(), p.column()));
    println!("\u{1e}panic {line} {column} {file:?} {message:?}");
}));
// What `print!` leaves in its buffer is flushed where the front asks for it.
if let Ok(pipe) = std::env::var("MUTINFO_FLUSH") {
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        let Ok(mut wishes) = std::fs::File::open(pipe) else { return };
        while wishes.read_exact(&mut [0]).is_ok() {
            print!("\u{1e}flushed\n");
            let _ = std::io::stdout().flush();
            eprint!("\u{1e}flushed\n");
        }
    });
}
