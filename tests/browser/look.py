"""Uses JupyterLab in headless Chromium as a student does, and keeps screenshots.

    tests/browser/run

Opens each notebook as a copy, runs all of its cells, and walks through it in both themes and at
a laptop's and two projectors' sizes. Fails where a cell shows an error that its source does not
announce, where a figure is not drawn, or where one has no text alternative. Then answers a task of
the first exercise wrongly and rightly. The screenshots are in target/screenshots/.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SCREENSHOTS = ROOT / "target" / "screenshots"
LAPTOP = (1366, 768)
SIZES = {"laptop": LAPTOP, "projector": (1024, 768), "full-hd": (1920, 1080)}
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}

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

SECOND = 1000  # Playwright counts milliseconds.
READY = 120 * SECOND
RUN_ALL = 600 * SECOND


@contextmanager
def lab():
    """`cargo lab`, and the address that it prints."""
    process = subprocess.Popen(
        ["cargo", "lab", "--no-browser", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        for line in process.stdout:
            print("   ", line, end="")
            address = re.search(r"(http://[^/\s]+)/lab\S*[?&]token=(\w+)", line)
            if address:
                yield address[1], address[2]
                return
        sys.exit("cargo lab ended without printing its address")
    finally:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def copy_of(notebook):
    """A copy beside the notebook, so that JupyterLab's saving changes nothing that is committed."""
    copy = notebook.with_name(f"browser-test-{notebook.name}")
    shutil.copy(notebook, copy)
    try:
        yield copy
    finally:
        copy.unlink()


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


class Student:
    """A person at a JupyterLab page."""

    def __init__(self, browser, address):
        self.base, self.token = address
        self.page = browser.new_page(viewport=dict(zip(("width", "height"), LAPTOP)))

    def open(self, notebook):
        path = notebook.relative_to(ROOT).as_posix()
        self.page.goto(f"{self.base}/lab/tree/{path}?reset&token={self.token}")
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
        seen = {"errors": set(), "figures": {}}
        self.panel.evaluate("panel => panel.scrollTo(0, 0)")
        for screen in range(1, 200):
            time.sleep(0.5)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{screen:02}.png")
            found = self.page.evaluate(LOOK)
            seen["errors"].update(found["errors"])
            seen["figures"].update({figure["src"]: figure for figure in found["figures"]})
            if found["atEnd"]:
                return seen
            self.panel.evaluate("panel => panel.scrollBy(0, 0.8 * panel.clientHeight)")
        sys.exit(f"{name} does not end")

    def replace_cell(self, holding, code):
        """Types new code into the cell that holds some text, and runs it and the cell below."""
        cell = self.page.locator(".jp-CodeCell", has_text=holding).first
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")


# Which cells show errors, and how the figures are drawn, of what is on the page now.
LOOK = """() => {
    const panel = document.querySelector('.jp-WindowedPanel-outer');
    const bad = '[data-mime-type="application/vnd.jupyter.error"], ' +
        '[data-mime-type="application/vnd.jupyter.stderr"]';
    const code = output =>
        output.closest('.jp-CodeCell').querySelector('.cm-content').innerText;
    return {
        errors: [...panel.querySelectorAll(bad)].map(code),
        figures: [...panel.querySelectorAll('.jp-OutputArea img')].map(img => ({
            src: img.src, alt: img.alt, width: img.naturalWidth, shown: img.clientWidth,
            overflow: img.getBoundingClientRect().right >
                img.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1,
        })),
        atEnd: panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2,
    };
}"""


def look_through(student, notebook, problems):
    """Runs a notebook and walks through it in every theme and size."""
    name = notebook.stem
    expected = expected_in(notebook)
    with copy_of(notebook) as copy:
        student.open(copy)
        start = time.monotonic()
        student.run_all()
        print(f"{name}: all cells run in {time.monotonic() - start:.1f} s")
        for theme, entry in THEMES.items():
            student.menu("Settings", "Theme", entry)
            for size, (width, height) in SIZES.items():
                student.page.set_viewport_size({"width": width, "height": height})
                seen = student.walk(f"{name}-{theme}-{size}")
                where = f"{name}, {theme}, {size}"
                if len(seen["errors"]) != expected["errors"]:
                    problems.append(
                        f"{where}: {len(seen['errors'])} cells show errors, and "
                        f"{expected['errors']} are meant to: {sorted(seen['errors'])}"
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
        student.page.set_viewport_size(dict(zip(("width", "height"), LAPTOP)))
        student.menu("Settings", "Theme", THEMES["light"])


def answer(student, notebook):
    """Answers the first task wrongly, then rightly."""
    with copy_of(notebook) as copy:
        student.open(copy)
        student.run_all()
        student.panel.evaluate("panel => panel.scrollTo(0, 0)")
        for theme, entry in THEMES.items():
            student.menu("Settings", "Theme", entry)
            for number, words in [("2.0", "not right yet"), ("1.75", "passed")]:
                student.replace_cell("let entropy_in_bits", f"let entropy_in_bits = {number};")
                card = student.page.get_by_role("status").filter(has_text="Task 1.1")
                expect(card).to_contain_text(f"Task 1.1: {words}", timeout=30 * SECOND)
                picture = f"answer-{theme}-{words.replace(' ', '-')}.png"
                student.page.screenshot(path=SCREENSHOTS / picture)
                print(f"Task 1.1 answered with {number}: {words}")


def main():
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    problems = []
    with lab() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        student = Student(browser, address)
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            look_through(student, notebook, problems)
        answer(student, NOTEBOOKS / "exercises" / "01-mutual-information.ipynb")
        browser.close()
    for problem in problems:
        print("PROBLEM", problem)
    print(f"{len(list(SCREENSHOTS.iterdir()))} screenshots in {SCREENSHOTS}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
