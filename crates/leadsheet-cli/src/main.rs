//! The command `leadsheet`: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    leadsheet_cli::main()
}
