//! Orders in bytes.
//!
//! All numbers are little-endian and unsigned:
//!
//! | Bytes | Holds |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 4 | [`VERSION`] |
//! | 4, 4 | nodes `n`, arcs `a` |
//! | 8 | fingerprint of the network's arcs |
//! | 4 `n` | `node` |
//! | 4 `n` | number of arcs of every place |
//! | 4 `a` | `head` |
//! | 8 | checksum of all before |
//!
//! Fingerprint and checksum are 64-bit FNV-1a, in which no single changed byte goes unseen. Whoever forges a
//! checksum still gets an order of this network or none: what is read is checked as a whole.

use crate::error::{Error, Result};
use crate::network::StreetNetwork;
use crate::order::EliminationOrder;

const MAGIC: [u8; 8] = *b"lc-order";
const VERSION: u32 = 1;
const HEADER: usize = 28;
const CHECKSUM: usize = 8;

impl EliminationOrder {
    /// The order in bytes, which [`EliminationOrder::from_bytes`] reads back; the same on every machine.
    ///
    /// # Panics
    /// When `network` is not the one the order was made for.
    #[must_use]
    pub fn to_bytes(&self, network: &StreetNetwork) -> Vec<u8> {
        assert!(self.fits(network), "an order is saved with its own network");
        let mut bytes = Vec::with_capacity(HEADER + 4 * (2 * self.node.len() + self.head.len()) + CHECKSUM);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        for count in [self.node.len(), self.head.len()] {
            bytes.extend(u32::try_from(count).expect("orders count in 32 bits").to_le_bytes());
        }
        bytes.extend(fingerprint(network).to_le_bytes());
        bytes.extend(self.node.iter().flat_map(|node| node.to_le_bytes()));
        bytes.extend(self.first.windows(2).flat_map(|pair| (pair[1] - pair[0]).to_le_bytes()));
        bytes.extend(self.head.iter().flat_map(|head| head.to_le_bytes()));
        bytes.extend(hash(bytes.iter().copied()).to_le_bytes());
        bytes
    }

    /// Reads an order of `network` back.
    ///
    /// # Errors
    /// [`Error::InvalidOrder`] when the bytes are not those of an order, are of another version, cut, changed,
    /// or of another network.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, EliminationOrder, NetworkBuilder};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(3, 2, 100_000);
    /// let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let order = EliminationOrder::new(&network, &lifecircle_types::NoProgress)?;
    /// let mut bytes = order.to_bytes(&network);
    /// assert_eq!(EliminationOrder::from_bytes(&network, &bytes)?, order);
    /// bytes[40] ^= 1;
    /// assert!(EliminationOrder::from_bytes(&network, &bytes).is_err());
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn from_bytes(network: &StreetNetwork, bytes: &[u8]) -> Result<Self> {
        let invalid = |what| Error::InvalidOrder { what };
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(invalid("the bytes do not begin as those of an order"));
        }
        let numbers: Vec<u32> = bytes[8..]
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect();
        if numbers.first() != Some(&VERSION) {
            return Err(invalid("the order is of another version of this library"));
        }
        let [_, nodes, arcs, low, high, rest @ .., _, _] = numbers.as_slice() else {
            return Err(invalid("the order is cut"));
        };
        let (nodes, arcs) = (*nodes as usize, *arcs as usize);
        if !bytes.len().is_multiple_of(4) || rest.len() as u64 != 2 * nodes as u64 + arcs as u64 {
            return Err(invalid("the order is cut, or something follows it"));
        }
        let (body, sum) = bytes.split_at(bytes.len() - CHECKSUM);
        if hash(body.iter().copied()).to_le_bytes() != sum {
            return Err(invalid("the order has been changed since it was written"));
        }
        if nodes != network.node_count() || u64::from(*high) << 32 | u64::from(*low) != fingerprint(network) {
            return Err(invalid("the order is of another network"));
        }
        let (node, rest) = rest.split_at(nodes);
        let (counts, head) = rest.split_at(nodes);
        Self::checked(node, counts, head)
            .filter(|order| order.fits(network))
            .ok_or(invalid("the bytes are not an order of the network"))
    }

    /// The order of these arrays, if they are one of some graph: a forest in preorder in which what is above a
    /// place, but for its parent, is above the parent too.
    fn checked(node: &[u32], counts: &[u32], head: &[u32]) -> Option<Self> {
        let mut first = Vec::with_capacity(counts.len() + 1);
        first.push(0_u32);
        for &count in counts {
            first.push(first[first.len() - 1].checked_add(count)?);
        }
        let mut met = vec![false; node.len()];
        for &node in node {
            let met = met.get_mut(node as usize)?;
            if core::mem::replace(met, true) {
                return None;
            }
        }
        if *first.last()? as usize != head.len() {
            return None;
        }
        let above = |place: u32| &head[first[place as usize] as usize..first[place as usize + 1] as usize];
        let mut path: Vec<u32> = Vec::new();
        for place in 0..u32::try_from(node.len()).ok()? {
            let heads = above(place);
            match heads.split_last() {
                None => path.clear(),
                Some((parent, others)) => {
                    while path.last().is_some_and(|last| last != parent) {
                        path.pop();
                    }
                    let known = |head| above(*parent).binary_search(head).is_ok();
                    if path.is_empty() || !heads.is_sorted_by(|a, b| a < b) || !others.iter().all(known) {
                        return None;
                    }
                }
            }
            path.push(place);
        }
        Self::laid_out(node.to_vec(), first, head.to_vec(), |_| Ok(())).ok()
    }

    /// Whether every two neighbours of `network` stand one above the other.
    pub(crate) fn fits(&self, network: &StreetNetwork) -> bool {
        self.node_count() == network.node_count()
            && network.tail.iter().zip(&network.head).all(|(&tail, &head)| {
                let (tail, head) = (self.place[tail as usize], self.place[head as usize]);
                let (upper, lower) = (tail.min(head), tail.max(head));
                upper == lower || self.head[self.above(lower as usize)].binary_search(&upper).is_ok()
            })
    }
}

/// 64-bit FNV-1a.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A number that changes with every arc of `network`.
fn fingerprint(network: &StreetNetwork) -> u64 {
    let ends = network.tail.iter().zip(&network.head);
    hash(ends.flat_map(|(tail, head)| [tail.to_le_bytes(), head.to_le_bytes()]).flatten())
}
