//! Six measures of access to jobs in Belo Horizonte, side by side: a table and a plot.
//!
//! `cargo run --release -p lifecircle-examples --bin six_measures FOLDER [OUT]`. The folder holds `land_use_data.csv` and
//! `travel_matrix.csv` of the example data of the R package `accessibility` (ipeaGIT, MIT licence): in R,
//! `file.copy(system.file("extdata", package = "accessibility"), ".", recursive = TRUE)` copies them, and
//! `write.csv(readRDS("extdata/travel_matrix.rds"), "travel_matrix.csv", row.names = FALSE)` and the same for
//! `land_use_data.rds` write them. They are not part of this repository.
//!
//! `OUT` (`target/six-measures` unless given) receives `six_measures.csv`, a row per cell, and `six_measures.svg`: for every
//! pair of measures how alike they rank people, and the curve of how evenly each is spread.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lifecircle::types::{ColumnValues, FeatureTable};
use lifecircle::{MeasureOptions, MeasureTables, NamedMeasure, Parameter, measure_table};
use lifecircle_access::Distribution;
use lifecircle_io::{
    Amounts, MatrixTable, OutputFolder, read_amounts_csv, read_bytes, read_matrix_csv, write_csv,
};

const MEASURES: [(&str, &str); 6] = [
    ("jobs within 30 min", "cumulative"),
    ("gravity", "gravity"),
    ("two-step catchment", "e2sfca"),
    ("three-step catchment", "3sfca"),
    ("balanced catchment", "bfca"),
    ("modified two-step", "m2sfca"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(folder) = arguments.next() else {
        return Err("name the folder with travel_matrix.csv and land_use_data.csv; the first lines of \
                    examples/six_measures.rs tell where they come from"
            .into());
    };
    let out = arguments.next().unwrap_or_else(|| PathBuf::from("target/six-measures"));
    let read = |file: &str| read_bytes(&folder.join(file));
    let matrix = read_matrix_csv(&read("travel_matrix.csv")?, "travel_matrix.csv")?;
    let land_use = read("land_use_data.csv")?;
    let jobs = read_amounts_csv(&land_use, "land_use_data.csv", Some("jobs"))?;
    let people = read_amounts_csv(&land_use, "land_use_data.csv", Some("population"))?;

    let columns = measures(&matrix, &jobs, &people)?;
    let weights: Vec<f64> = people.rows.iter().map(|(_, people)| *people).collect();
    let spreads: Vec<Distribution> =
        columns.iter().map(|values| Distribution::new(values, &weights)).collect::<Result<_, _>>()?;
    let mut table = FeatureTable::new(people.rows.len());
    table.push("id", ColumnValues::Text(people.rows.iter().map(|(id, _)| Some(id.clone())).collect()))?;
    for ((name, _), values) in MEASURES.iter().zip(&columns) {
        table.push(
            name.replace([' ', '-'], "_"),
            ColumnValues::Number(values.iter().copied().map(Some).collect()),
        )?;
    }
    let plot = plot(&columns, &weights, &spreads)?;
    let mut folder = OutputFolder::new(Path::new(&out))?;
    folder.add("six_measures.csv", |w| write_csv(w, &table))?;
    folder.add("six_measures.svg", |w| {
        let refused = |source| lifecircle_io::Error::Write { what: "the plot", source };
        w.write_all(plot.as_bytes()).map_err(refused)
    })?;
    folder.commit()?;
    for ((name, _), spread) in MEASURES.iter().zip(&spreads) {
        print(&format!("{name}: Gini {:.3}", spread.gini()?));
    }
    print(&format!("written to {}", out.display()));
    Ok(())
}

/// A column per measure, in the order of the cells.
fn measures(matrix: &MatrixTable, jobs: &Amounts, people: &Amounts) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let cumulative = MeasureOptions::default().with(Parameter::Cutoff, [30.0]);
    // half at ten minutes, nothing beyond an hour
    let decaying = MeasureOptions::default()
        .decay("exponential".parse()?)
        .with(Parameter::Half, [10.0])
        .with(Parameter::Cutoff, [60.0]);
    let tables = MeasureTables { matrix, supply: Some(jobs), demand: Some(people), neighbours: None };
    let mut columns = Vec::new();
    for (_, name) in MEASURES {
        let measure: NamedMeasure = name.parse()?;
        let options = if name == "cumulative" { &cumulative } else { &decaying };
        let (table, _) = measure_table(tables, &[measure], options)?;
        let ColumnValues::Number(values) = &table.columns()[1].values else {
            return Err("a measure is a column of numbers".into());
        };
        columns.push(values.iter().map(|value| value.unwrap_or(0.0)).collect());
    }
    Ok(columns)
}

/// The mid-rank of every cell, by people.
fn ranks(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let (mut ranks, mut before) = (vec![0.0; values.len()], 0.0);
    for equal in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]).is_eq()) {
        let here: f64 = equal.iter().map(|&row| weights[row]).sum();
        equal.iter().for_each(|&row| ranks[row] = before + here / 2.0);
        before += here;
    }
    ranks
}

/// How alike two rankings are, over people (Spearman).
fn likeness(one: &[f64], other: &[f64], weights: &[f64]) -> f64 {
    let all: f64 = weights.iter().sum();
    let mean =
        |ranks: &[f64]| ranks.iter().zip(weights).map(|(rank, weight)| rank * weight).sum::<f64>() / all;
    let (a, b) = (mean(one), mean(other));
    let product = |x: &[f64], y: &[f64], a: f64, b: f64| -> f64 {
        x.iter().zip(y).zip(weights).map(|((x, y), weight)| (x - a) * (y - b) * weight).sum()
    };
    product(one, other, a, b) / (product(one, one, a, a) * product(other, other, b, b)).sqrt()
}

fn plot(columns: &[Vec<f64>], weights: &[f64], spreads: &[Distribution]) -> Result<String, Box<dyn Error>> {
    const COLOURS: [&str; 6] = ["#1b6ca8", "#c8553d", "#2a9d5c", "#8e5ea2", "#b8860b", "#555555"];
    let ranked: Vec<Vec<f64>> = columns.iter().map(|values| ranks(values, weights)).collect();
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 460\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"1000\" height=\"460\" fill=\"white\"/>\n\
         <text x=\"20\" y=\"30\" font-size=\"16\">Six measures of access to jobs, Belo Horizonte</text>\n\
         <text x=\"20\" y=\"56\">how alike they rank people (1: the same order)</text>\n\
         <text x=\"620\" y=\"56\">share of access of the share of people with least</text>\n",
    );
    for (row, (name, _)) in MEASURES.iter().enumerate() {
        let y = 90 + 50 * row;
        writeln!(svg, "<text x=\"20\" y=\"{}\">{name}</text>", y + 4)?;
        for column in 0..=row {
            let alike = likeness(&ranked[row], &ranked[column], weights);
            let x = 240 + 55 * column;
            writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{}\" width=\"50\" height=\"40\" fill=\"#1b6ca8\" fill-opacity=\"{:.2}\"/>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{alike:.2}</text>",
                y - 20,
                alike.max(0.0) * 0.6,
                x + 25,
                y + 5
            )?;
        }
    }
    let at = |people: f64, access: f64| (620.0 + 340.0 * people, 420.0 - 340.0 * access);
    writeln!(svg, "<path d=\"M620 420 L960 80 M620 80 V420 H960\" stroke=\"#999\" fill=\"none\"/>")?;
    for (((name, _), spread), colour) in MEASURES.iter().zip(spreads).zip(COLOURS) {
        let mut path = String::new();
        for (at_point, (people, access)) in spread.lorenz()?.into_iter().enumerate() {
            let (x, y) = at(people, access);
            write!(path, "{}{x:.1} {y:.1}", if at_point == 0 { "M" } else { "L" })?;
        }
        writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{colour}\" fill=\"none\" stroke-width=\"1.5\"><title>{name}</title></path>"
        )?;
    }
    for (row, (((name, _), spread), colour)) in MEASURES.iter().zip(spreads).zip(COLOURS).enumerate() {
        let y = 96 + 18 * row;
        writeln!(
            svg,
            "<text x=\"630\" y=\"{y}\" fill=\"{colour}\">{name}: Gini {:.2}</text>",
            spread.gini()?
        )?;
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn print(line: &str) {
    println!("{line}");
}
