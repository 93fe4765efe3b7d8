//! Measures on a travel matrix from another tool: supply per person around every home.
//!
//! `cargo run -p lifecircle-examples --bin matrix_from_csv [MATRIX.csv]`; the file needs the columns `from_id`, `to_id`
//! and `travel_time_min`. Without a file a small matrix of three homes and two clinics is used.

use lifecircle_access::{Binary, cumulative, two_step_fca};
use lifecircle_io::{MatrixTable, read_bytes, read_matrix_csv};
use lifecircle_types::TravelTime;

const SMALL: &str = "from_id,to_id,travel_time_min\n\
                     north,clinic-1,5\nnorth,clinic-2,20\nmiddle,clinic-1,10\nmiddle,clinic-2,8\nsouth,clinic-2,12\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let MatrixTable { origins, facilities, matrix, .. } = match std::env::args_os().nth(1) {
        Some(path) => {
            let path = std::path::PathBuf::from(path);
            read_matrix_csv(&read_bytes(&path)?, &path.display().to_string())?
        }
        None => read_matrix_csv(SMALL.as_bytes(), "the small matrix")?,
    };
    let cutoff = TravelTime::from_minutes(15);
    let clinics = vec![1.0; facilities.len()];
    let people = vec![100.0; origins.len()];
    let reached = cumulative(&matrix, &clinics, cutoff)?;
    let share = two_step_fca(&matrix, &clinics, &people, &Binary::within(cutoff))?;
    for ((home, reached), share) in origins.iter().zip(reached).zip(share.access) {
        print(&format!("{home}: {reached} within {cutoff}, {:.4} per person", share));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn print(line: &str) {
    println!("{line}");
}
