//! The files of a yardstick: a graph and the nodes that the workloads ask about, as little-endian 32-bit numbers that any
//! language reads in a line.
//!
//! | File | Numbers |
//! |---|---|
//! | `graph.bin` | nodes `n`, edges `m`, `m` tails, `m` heads, `m` lengths in mm, `n` pairs of metres east and north (floats) |
//! | `cats.bin` | services, the facilities of each, then their nodes, service after service |
//! | `w2o_big.bin`, `w2f_big.bin` | origins and facilities of pairs within a cutoff |
//! | `w4.bin` | starts of single reaches |
//! | `w5o.bin`, `w5f.bin` | rows and columns of a table |

use std::fs;
use std::path::{Path, PathBuf};

use lifecircle::io::{OsmOptions, read_osm_pbf};
use lifecircle_benches::draws;
use lifecircle_network::petgraph::algo::kosaraju_scc;
use lifecircle_network::petgraph::visit::{EdgeRef as _, IntoEdgeReferences as _};
use lifecircle_network::{
    BuildOptions, NetworkBuilder, NetworkParts, NodeIx, NodePart, SegmentPart, StreetNetwork, WalkCosts,
    WalkGraph, WalkProfile, WayPart,
};
use lifecircle_types::{LonLat, Millimetres, NoFacilities, NoProgress, Tags};

use crate::AnyError;

/// Services of `cats.bin`.
const SERVICES: u32 = 30;
/// Metres of a degree, on a ball whose meridians are parallels.
const DEGREE: f64 = 111_195.0;

/// A folder with the files of a yardstick.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn numbers(&self, file: &str) -> Result<Vec<u32>, AnyError> {
        let path = self.0.join(file);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(bytes
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect())
    }

    fn save(&self, file: &str, numbers: impl IntoIterator<Item = u32>) -> Result<(), AnyError> {
        let bytes: Vec<u8> = numbers.into_iter().flat_map(u32::to_le_bytes).collect();
        Ok(fs::write(self.0.join(file), bytes)?)
    }

    pub(crate) fn network(&self) -> Result<StreetNetwork, AnyError> {
        let numbers = self.numbers("graph.bin")?;
        let (nodes, edges) = (numbers[0] as usize, numbers[1] as usize);
        let (tails, rest) = numbers[2..].split_at(edges);
        let (heads, rest) = rest.split_at(edges);
        let (lengths, metres) = rest.split_at(edges);
        let degrees = |bits: u32| f64::from(f32::from_bits(bits)) / DEGREE;
        let position = |at: usize| LonLat::new(degrees(metres[2 * at]), degrees(metres[2 * at + 1]));
        let nodes = (0..nodes).map(|at| Ok(NodePart { id: i64::try_from(at)?, position: position(at)? }));
        let segments = tails.iter().zip(heads).zip(lengths).map(|((&tail, &head), &length)| SegmentPart {
            way: 0,
            tail,
            head,
            length: Millimetres::new(length),
            between: Vec::new(),
        });
        let parts = NetworkParts {
            nodes: nodes.collect::<Result<_, AnyError>>()?,
            ways: vec![WayPart { id: 0, tags: Tags::new([("highway", "footway")]) }],
            segments: segments.collect(),
        };
        Ok(StreetNetwork::from_parts(parts)?)
    }

    pub(crate) fn nodes(&self, network: &StreetNetwork, file: &str) -> Result<Vec<NodeIx>, AnyError> {
        Ok(nodes(network, &self.numbers(file)?))
    }

    /// The facilities of each service, at no cost of their own.
    pub(crate) fn services(&self, network: &StreetNetwork) -> Result<Vec<Vec<(NodeIx, u32)>>, AnyError> {
        let numbers = self.numbers("cats.bin")?;
        let (counts, mut rest) = numbers[1..].split_at(numbers[0] as usize);
        let mut services = Vec::new();
        for &count in counts {
            let (here, after) = rest.split_at(count as usize);
            services.push(nodes(network, here).into_iter().map(|node| (node, 0)).collect());
            rest = after;
        }
        Ok(services)
    }

    /// Writes the files for the largest part of a map that is connected on foot, and nodes drawn from it.
    pub(crate) fn lay(&self, map: &Path) -> Result<(u32, usize), AnyError> {
        let read = read_osm_pbf(
            &fs::read(map)?,
            &map.display().to_string(),
            &NoFacilities,
            &OsmOptions::streets(),
            &NoProgress,
        )?;
        let network = NetworkBuilder::new(BuildOptions::default()).build(&read.value.streets)?.value;
        let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
        let walk = WalkGraph::new(&network, &costs)?;
        let parts = kosaraju_scc(walk);
        let mut within = parts.into_iter().max_by_key(Vec::len).ok_or("the map has no street to walk on")?;
        within.sort_unstable();
        let mut rows = vec![None; network.node_count()];
        for (row, node) in (0..).zip(&within) {
            rows[node.index()] = Some(row);
        }
        // what other libraries take: streets once, no loops, the shortest of several between two nodes, no length of zero
        let mut edges: Vec<[u32; 3]> = walk
            .edge_references()
            .filter_map(|arc| {
                Some([rows[arc.source().index()]?, rows[arc.target().index()]?, arc.cost().max(1)])
            })
            .filter(|edge| edge[0] < edge[1])
            .collect();
        edges.sort_unstable();
        edges.dedup_by_key(|edge| (edge[0], edge[1]));
        let count = u32::try_from(within.len())?;
        let narrow = |degrees: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "coordinates that only lay the graph out")]
            let metres = (degrees * DEGREE) as f32;
            metres.to_bits()
        };
        let positions = within.iter().map(|&node| network.position(node));
        let metres = positions.flat_map(|at| [narrow(at.lon()), narrow(at.lat())]);
        fs::create_dir_all(&self.0)?;
        let edge_columns = (0..3).flat_map(|column| edges.iter().map(move |edge| edge[column]));
        self.save(
            "graph.bin",
            [count, u32::try_from(edges.len())?].into_iter().chain(edge_columns).chain(metres),
        )?;
        self.lay_workloads(count)?;
        Ok((count, edges.len()))
    }

    fn lay_workloads(&self, count: u32) -> Result<(), AnyError> {
        let mut below = draws(42);
        let mut drawn = |many: u32| -> Vec<u32> { (0..many).map(|_| below(count)).collect() };
        // from one facility to 1,900 nodes up to one to 38
        let share = |service: u32| 50_f64.powf(f64::from(service) / f64::from(SERVICES - 1)) / 1_900.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "fewer than the nodes")]
        let facilities = |service| ((f64::from(count) * share(service)) as u32).max(1);
        let counts: Vec<u32> = (0..SERVICES).map(facilities).collect();
        let sites: Vec<u32> = counts.iter().flat_map(|&many| drawn(many)).collect();
        self.save("cats.bin", [SERVICES].into_iter().chain(counts).chain(sites))?;
        let (origins, targets) = if count < 200_000 { (10_000, 2_000) } else { (100_000, 20_000) };
        for (file, many) in [
            ("w2o_big.bin", origins),
            ("w2f_big.bin", targets),
            ("w4.bin", 200),
            ("w5o.bin", 1_000),
            ("w5f.bin", 1_000),
        ] {
            self.save(file, drawn(many))?;
        }
        Ok(())
    }
}

fn nodes(network: &StreetNetwork, rows: &[u32]) -> Vec<NodeIx> {
    rows.iter().map(|&row| network.node(i64::from(row)).expect("every row is a node")).collect()
}
