//! The Jupyter kernel of the notebooks.
fn main() -> anyhow::Result<()> {
    evcxr_jupyter::main()
}
