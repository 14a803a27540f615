"""Uses JupyterLab in headless Chromium as a student does, and keeps screenshots.

    tests/browser/run        the lecture and an exercise, as .ci/run does
    tests/browser/run --all  every notebook, in both themes and at all sizes, to look at

Opens a notebook as a copy, runs all of its cells, and walks through it. Fails where a cell shows
an error that its source does not announce, where a figure is not drawn or cut off, or where one
says too little in words. Then answers a task of the first exercise wrongly and rightly, restarts
the kernel, and fails in each way: the cell must be red, readable in both themes, and no cell behind
it may run. The screenshots are in target/screenshots/.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import TimeoutError, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SCREENSHOTS = ROOT / "target" / "screenshots"
LAPTOP = (1366, 768)
# At 150 % a page of a laptop has two thirds of its width and height.
SIZES = {"laptop": LAPTOP, "projector": (1024, 768), "zoomed": (911, 512)}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

# How the lecture is looked at in .ci/run, and every notebook with --all.
TWO_VIEWS = [("light", "laptop"), ("dark", "projector")]
ALL_VIEWS = [(theme, size) for theme in THEMES for size in SIZES]

# Without the flags for background networking Chromium asks after hosts that a closed network
# does not have.
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SET_UP = 1800  # seconds; nothing is left to set up where `cargo lab` ran before
SECOND = 1000  # Playwright counts milliseconds.
READY = 300 * SECOND
RUN_ALL = 600 * SECOND


@contextmanager
def lab():
    """`cargo lab`, and the address that it prints."""
    log = SCREENSHOTS / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["cargo", "lab", "--no-browser"],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for _ in range(SET_UP):
            address = re.search(r"(http://[^/\s]+)/lab\S*[?&]token=(\w+)", log.read_text())
            if address or process.poll() is not None:
                break
            time.sleep(1)
        if not address:
            sys.exit(f"cargo lab prints no address:\n{log.read_text()}")
        yield address[1], address[2]
    finally:
        # It ends its kernels where it is asked to; what is left after that is killed.
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            print("cargo lab did not end when it was asked to")
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def expected_in(notebook):
    """What a notebook's stored outputs say it will show."""
    cells = [
        cell for cell in json.loads(notebook.read_text())["cells"] if cell["cell_type"] == "code"
    ]
    html = [
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in cells
        for output in cell["outputs"]
    ]
    return {
        "figures": sum(text.count("<img") for text in html),
        "errors": sum("raises-exception" in cell["metadata"].get("tags", []) for cell in cells),
    }


def drawn_as_text(notebook):
    """Stored outputs that describe a figure's parts where they should show it: evcxr does so, left
    alone, where the last line of a cell moves a variable."""
    cells = json.loads(notebook.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    return [text[:60] for text in texts if re.match(r"\w+ \{ (labels: Labels \{ )?title: ", text)]


class Student:
    """A person at a JupyterLab page."""

    def __init__(self, browser, address):
        self.base, token = address
        self.context = browser.new_context(extra_http_headers={"Authorization": f"token {token}"})

    @contextmanager
    def at(self, notebook):
        """Opens a copy beside the notebook, so that saving changes nothing that is committed."""
        copy = notebook.with_name(f"browser-test-{notebook.name}")
        shutil.copy(notebook, copy)
        self.page = self.context.new_page()
        self.resize(LAPTOP)
        try:
            self.open(copy)
            yield
        finally:
            # Without its page nobody saves the copy again, and without its session no kernel runs.
            self.page.close()
            sessions = f"{self.base}/api/sessions"
            for session in self.context.request.get(sessions).json():
                self.context.request.delete(f"{sessions}/{session['id']}")
            copy.unlink()

    def resize(self, size):
        width, height = size
        self.page.set_viewport_size({"width": width, "height": height})

    def open(self, notebook):
        path = notebook.relative_to(ROOT).as_posix()
        self.page.goto(f"{self.base}/lab/tree/{path}?reset")
        self.page.locator(".jp-Notebook").wait_for(timeout=READY)
        # The kernel reads the crates at its start, while a student reads the first lines.
        expect(self.page.get_by_text(re.compile(r"^Rust.* \| Idle$"))).to_be_visible(timeout=READY)
        for button in self.page.locator(".Toastify__close-button").all():
            button.click()

    def menu(self, *names):
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{names[0]}$")).click()
        for name in names[1:]:
            label = self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$"))
            label.last.hover()
            last = label.last
        last.click()

    def choose_theme(self, theme):
        self.menu("Settings", "Theme", THEMES[theme])
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-name", THEMES[theme], timeout=READY
        )
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=READY)

    def run_all(self):
        self.menu("Run", "Run All Cells")
        self.to_the_end()
        prompt = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=RUN_ALL)

    @property
    def panel(self):
        return self.page.locator(".jp-WindowedPanel-outer").first

    def to_the_end(self):
        self.panel.evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
        time.sleep(1)

    def walk(self, name):
        """Scrolls from top to end, a picture for each screen; what is seen on the way."""
        seen = {"errors": {}, "figures": {}}
        self.panel.evaluate("panel => panel.scrollTo(0, 0)")
        for screen in range(1, 200):
            time.sleep(0.5)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{screen:02}.png")
            found = self.page.evaluate(LOOK, ERRORS)
            for number, code in found["errors"]:
                seen["errors"][number] = code or seen["errors"].get(number, "")
            seen["figures"].update({figure["src"]: figure for figure in found["figures"]})
            if found["atEnd"]:
                return seen
            self.panel.evaluate("panel => panel.scrollBy(0, 0.8 * panel.clientHeight)")
        sys.exit(f"{name} does not end")

    def find_error(self):
        """Scrolls to the first error. Only cells near the screen are on the page."""
        error = self.page.locator(ERRORS)
        for _ in range(READY // SECOND):
            time.sleep(1)
            if error.count():
                # Again when JupyterLab has laid out the cells above it.
                error.first.scroll_into_view_if_needed()
                time.sleep(1)
                return error.first.scroll_into_view_if_needed()
            self.panel.evaluate("""panel => {
                const atEnd = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2;
                panel.scrollTo(0, atEnd ? 0 : panel.scrollTop + 0.5 * panel.clientHeight);
            }""")
        sys.exit("no cell shows an error")

    def replace_cell(self, holding, code):
        """Types new code into the cell that holds some text, and runs it and the cell below."""
        cell = self.page.locator(".jp-CodeCell", has_text=holding).first
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")


# JupyterLab gives an error the one type or the other.
ERRORS = (
    '[data-mime-type="application/vnd.jupyter.error"], '
    '[data-mime-type="application/vnd.jupyter.stderr"]'
)

# Which cells show errors, and how the figures are drawn, of what is on the page now.
LOOK = """bad => {
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    // Of a cell that is mostly out of sight JupyterLab draws no code.
    const cell = output => {
        const cell = output.closest('.jp-CodeCell');
        return [cell.dataset.windowedListIndex, cell.querySelector('.cm-content').innerText];
    };
    return {
        errors: [...panel.querySelectorAll(bad)].map(cell),
        figures: [...panel.querySelectorAll('.jp-OutputArea img')].map(img => ({
            src: img.src, alt: img.alt, width: img.naturalWidth, shown: img.clientWidth,
            overflow: img.getBoundingClientRect().right >
                img.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1,
        })),
        atEnd: panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2,
    };
}"""


# The least contrast between text and its ground in the errors on the page, as WCAG 2 defines it.
CONTRAST = """bad => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const luminance = rgb => {
        const [r, g, b] = rgb.slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = node => {
        for (; node; node = node.parentElement) {
            const rgb = parts(getComputedStyle(node).backgroundColor);
            if (rgb.length < 4 || rgb[3] > 0.5) return rgb;
        }
        return [255, 255, 255];
    };
    let least = 21;
    const errors = document.querySelectorAll(bad);
    for (const error of errors) {
        const walker = document.createTreeWalker(error, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            if (!walker.currentNode.textContent.trim()) continue;
            const node = walker.currentNode.parentElement;
            const [a, b] = [parts(getComputedStyle(node).color), ground(node)].map(luminance);
            least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
        }
    }
    return {errors: errors.length, least};
}"""

READABLE = 4.5  # WCAG 2, level AA, for text

# What is typed into a new cell, and what the red box says.
FAILURES = [
    ("let ten = vec![0; 10]; // é\nten[10]", "in line 2 of this cell"),
    ("let number: f64 = \"é\".parse()?;", "invalid float literal"),
    ("let number: f64 = \"é\";", "expected `f64`, found `&str`"),
    ("let line = |x: f64| 2.0 * x;", "would be a closure"),
    ("std::process::abort()", "the process that runs the cells ended"),
]


def restart_and_run_all(student):
    """Seconds until the first cell has run."""
    student.menu("Kernel", "Restart Kernel and Run All Cells…")
    start = time.monotonic()
    student.page.locator(".jp-Dialog .jp-mod-accept").click()
    student.panel.evaluate("panel => panel.scrollTo(0, 0)")
    first = student.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
    expect(first).not_to_have_text("[1]:", timeout=READY)
    expect(first).to_have_text("[1]:", timeout=READY)
    return time.monotonic() - start


def fail(student, notebook, problems):
    """Restarts, and fails in each way."""
    with student.at(notebook):
        page = student.page
        student.run_all()
        # A slip in the second cell.
        student.panel.evaluate("panel => panel.scrollTo(0, 0)")
        cell = page.locator(".jp-CodeCell", has_text="let coupling").first
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text('\nlet half: f64 = "é";')
        print(f"restart: the first cell ran after {restart_and_run_all(student):.1f} s")
        student.find_error()
        page.screenshot(path=SCREENSHOTS / "failed-cell.png")
        last = page.locator(".jp-Notebook .jp-CodeCell").last
        last.scroll_into_view_if_needed()
        time.sleep(1)
        page.screenshot(path=SCREENSHOTS / "behind-a-failed-cell.png")
        prompt = last.locator(".jp-InputPrompt").inner_text()
        if prompt.strip() != "[ ]:":
            problems.append(f"a cell ran behind one that failed: {prompt}")
        # In cells of their own, at the end.
        for number, (code, words) in enumerate(FAILURES):
            last.locator(".cm-content").click()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(code)
            page.keyboard.press("Control+Enter")
            expect(last.locator(".jp-OutputArea")).to_contain_text(words, timeout=READY)
            for theme in THEMES:
                student.choose_theme(theme)
                last.locator(".jp-OutputArea").scroll_into_view_if_needed()
                found = page.evaluate(CONTRAST, ERRORS)
                if found["errors"] == 0 or found["least"] < READABLE:
                    problems.append(f"{words!r} in the {theme} theme is not readable: {found}")
                page.screenshot(path=SCREENSHOTS / f"failure-{number}-{theme}.png")
        interrupt(student, last, problems)
        ask_for_help(student, last, problems)


def interrupt(student, cell, problems):
    cell.locator(".cm-content").click()
    student.page.keyboard.press("Control+A")
    student.page.keyboard.insert_text('println!("now"); loop {}')
    student.page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("now", timeout=READY)
    start = time.monotonic()
    student.menu("Kernel", "Interrupt Kernel")
    expect(cell.locator(".jp-OutputArea")).to_contain_text("you stopped this cell", timeout=READY)
    seconds = time.monotonic() - start
    print(f"interrupted after {seconds:.1f} s")
    if seconds > 5:
        problems.append(f"an interrupt takes {seconds:.1f} s")


def ask_for_help(student, cell, problems):
    """Completion and help, with nothing else to do and while a cell runs."""
    page = student.page
    busy = '; std::thread::sleep(std::time::Duration::from_secs(20));'
    for code in ("let words = vec![1.0, 2.0];", f"let words = vec![1.0, 2.0]{busy}"):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(code)
        page.keyboard.press("Control+Enter")
        is_busy = busy in code
        prompt = cell.locator(".jp-InputPrompt")
        if is_busy:
            expect(prompt).to_have_text("[*]:", timeout=READY)
        else:
            expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=READY)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text("words")
        page.keyboard.press("Shift+Tab")
        try:
            tooltip = page.locator(".jp-Tooltip")
            tooltip.wait_for(timeout=10 * SECOND)
            print(f"help while {'a cell runs' if is_busy else 'idle'}: {tooltip.inner_text()[:60]!r}")
        except TimeoutError:
            problems.append(f"no help appears {'while a cell runs' if is_busy else 'when idle'}")
        page.keyboard.press("Escape")
        page.keyboard.insert_text(".le")
        page.keyboard.press("Tab")
        time.sleep(6)
        page.screenshot(path=SCREENSHOTS / f"completion-{'busy' if is_busy else 'idle'}.png")
        expected = "A cell is running" if is_busy else "len"
        if expected not in page.locator(".jp-Completer").inner_text():
            problems.append(f"no completion says {expected!r}")
        if is_busy:
            page.keyboard.press("Tab")
            expect(cell.locator(".cm-line")).to_have_text("words.le")
        page.keyboard.press("Escape")


def by_keyboard(student, notebook, problems):
    """Runs all cells, completes a word, gets help, interrupts and restarts, without the mouse."""
    with student.at(notebook):
        page = student.page
        active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
        prompt = active.locator(".jp-InputPrompt")

        def press(*keys):
            for key in keys:
                page.keyboard.press(key)
                time.sleep(0.3)

        def look(where):
            has_focus = active.evaluate("cell => cell.contains(document.activeElement)")
            on_screen = active.evaluate("""cell => {
                const {top, bottom} = cell.getBoundingClientRect();
                return top < window.innerHeight && bottom > 0;
            }""")
            if not (has_focus and on_screen):
                problems.append(f"by keyboard, {where}: focus {has_focus}, on screen {on_screen}")

        for number, cell in enumerate(json.loads(notebook.read_text())["cells"]):
            look(f"cell {number}")
            if cell["cell_type"] == "code":
                press("Control+Enter")
                expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=READY)
                look(f"cell {number} when it has run")
            press("Shift+Enter" if cell["cell_type"] == "markdown" else "ArrowDown")
        # A new cell at the end: a word completed, its help, and a cell that never ends.
        press("Escape", "b", "Enter")
        page.keyboard.insert_text("let words = vec![1.0]; words.capa")
        press("Tab")
        page.locator(".jp-Completer").wait_for(timeout=READY)
        press("Enter")
        expect(active.locator(".cm-content")).to_contain_text("words.capacity", timeout=READY)
        press("Shift+Tab")
        page.locator(".jp-Tooltip").wait_for(timeout=READY)
        page.screenshot(path=SCREENSHOTS / "keyboard-help.png")
        press("Escape", "Enter", "Control+A")
        page.keyboard.insert_text('println!("now"); loop {}')
        press("Control+Enter")
        expect(active.locator(".jp-OutputArea")).to_contain_text("now", timeout=READY)
        press("Escape", "i", "i")
        words = "you stopped this cell"
        expect(active.locator(".jp-OutputArea")).to_contain_text(words, timeout=READY)
        press("Enter", "Control+A")
        page.keyboard.insert_text("1 + 1")
        press("Escape", "0", "0")
        page.locator(".jp-Dialog").wait_for(timeout=READY)
        press("Enter")
        page.locator(".jp-Dialog").wait_for(state="detached", timeout=READY)
        press("Control+Enter")
        expect(prompt).to_have_text("[1]:", timeout=READY)
        look("after a restart")
        page.screenshot(path=SCREENSHOTS / "keyboard-end.png")


def look_through(student, notebook, views, problems):
    """Runs a notebook and walks through it in these themes and sizes."""
    name = "-".join(notebook.relative_to(NOTEBOOKS).with_suffix("").parts)
    expected = expected_in(notebook)
    with student.at(notebook):
        start = time.monotonic()
        student.run_all()
        print(f"{name}: all cells run in {time.monotonic() - start:.1f} s")
        for theme, size in views:
            student.choose_theme(theme)
            student.resize(SIZES[size])
            seen = student.walk(f"{name}-{theme}-{size}")
            where = f"{name}, {theme}, {size}"
            if len(seen["errors"]) != expected["errors"]:
                problems.append(
                    f"{where}: {len(seen['errors'])} cells show errors, and "
                    f"{expected['errors']} are meant to: {sorted(seen['errors'].values())}"
                )
            if len(seen["figures"]) != expected["figures"]:
                problems.append(
                    f"{where}: {len(seen['figures'])} figures, and {expected['figures']} stored"
                )
            for figure in seen["figures"].values():
                if figure["width"] == 0 or figure["shown"] == 0:
                    problems.append(f"{where}: a figure is not drawn: {figure['alt'][:60]}")
                if len(figure["alt"]) < 40:
                    problems.append(f"{where}: a figure says too little: {figure['alt']!r}")
                if figure["overflow"]:
                    problems.append(f"{where}: a figure is cut off: {figure['alt'][:60]}")


def tinker(student, notebook):
    """Finds an answer folded, types a whole number for the coupling, as the lecture says, and
    watches a figure move."""
    problems = []
    with student.at(notebook):
        folded = student.page.locator(".jp-OutputPlaceholder").first
        folded.scroll_into_view_if_needed()
        student.page.screenshot(path=SCREENSHOTS / "folded.png")
        if shown := folded.inner_text().strip():
            problems.append(f"what is folded gives the answer away: {shown}")
        student.run_all()
        student.panel.evaluate("panel => panel.scrollTo(0, 0)")
        code = "let (n, coupling, seed, bins) = (200, 0, 10, 15);\n"
        code += "let data = Sample::coupled_normals(n, coupling, seed)?;\n"
        code += 'println!("exactly {}", data.exact);'
        student.replace_cell("let coupling", code)
        cell = student.page.locator(".jp-CodeCell", has_text='println!("exactly').first
        expect(cell).to_contain_text("exactly 0 nat", timeout=READY)
        # As many frames as there may be, for it to move still when a busy machine looks.
        code = "coupling_animation(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 50, 1)?"
        student.replace_cell("coupling_animation(", code)
        cell = student.page.locator(".jp-CodeCell", has_text="coupling_animation(").first
        figure = cell.locator("img")
        expect(figure).to_have_attribute("alt", re.compile("Animation of 12 frames"), timeout=READY)
        figure.scroll_into_view_if_needed()
        seen = set()
        for _ in range(5):
            seen.add(figure.screenshot())
            time.sleep(1)
        if len(seen) < 2:
            problems.append("a figure that should move stands still")
    return problems


def answer(student, notebook):
    """Answers the first task wrongly, then rightly."""
    with student.at(notebook):
        student.run_all()
        student.panel.evaluate("panel => panel.scrollTo(0, 0)")
        for theme in THEMES:
            student.choose_theme(theme)
            for number, words in [("2.0", "not right yet"), ("1.75", "passed")]:
                student.replace_cell("let entropy_in_bits", f"let entropy_in_bits = {number};")
                card = student.page.get_by_role("status").filter(has_text="Task 1.1")
                expect(card).to_contain_text(f"Task 1.1: {words}", timeout=READY)
                picture = f"answer-{theme}-{words.replace(' ', '-')}.png"
                student.page.screenshot(path=SCREENSHOTS / picture)
                print(f"Task 1.1 answered with {number}: {words}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="every notebook, to look at")
    parser.add_argument("--fail", action="store_true", help="every way to fail, too")
    arguments = parser.parse_args()
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    if arguments.all:
        folders = [NOTEBOOKS, NOTEBOOKS / "solutions"]
        notebooks = [notebook for folder in folders for notebook in sorted(folder.glob("*.ipynb"))]
    else:
        notebooks = [NOTEBOOKS / "01-mutual-information.ipynb"]
    stored = sorted(NOTEBOOKS.rglob("*.ipynb"))
    problems = [f"{book.name}: {text}" for book in stored for text in drawn_as_text(book)]
    with lab() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        student = Student(browser, address)
        for notebook in notebooks:
            look_through(student, notebook, ALL_VIEWS if arguments.all else TWO_VIEWS, problems)
        problems += tinker(student, NOTEBOOKS / "01-mutual-information.ipynb")
        answer(student, NOTEBOOKS / "exercises" / "exercise-01-mutual-information.ipynb")
        by_keyboard(student, NOTEBOOKS / "01-mutual-information.ipynb", problems)
        if arguments.fail:
            fail(student, NOTEBOOKS / "01-mutual-information.ipynb", problems)
        browser.close()
    for problem in problems:
        print("PROBLEM", problem)
    print(f"{len(list(SCREENSHOTS.glob('*.png')))} screenshots are in {SCREENSHOTS}")
    if problems:
        sys.exit("In the browser something is not as it should be: see above.")
    print("In the browser all is as it should be.")


if __name__ == "__main__":
    main()
