use super::*;

fn read(edges: &str, nodes: Option<&str>) -> Result<Imported<StreetRecords>> {
    let nodes = nodes.map(|text| (text.as_bytes(), "nodes.csv"));
    read_edges_csv(edges.as_bytes(), "edges.csv", nodes, &EdgeColumns::default())
}

const NODES: &str = "node,lon,lat\n1,0,0\n2,0.01,0\n3,0.01,0.01\n9,1,1\n8,,\n";

#[test]
fn rows_of_one_course_are_one_street() {
    // 1-2 both ways and once more longer; 2-3 by a bend and straight; a loop with a course and one without; node 8
    // has no position, node 9 no edge
    let edges = "u,v,length_m,highway,name,wkt\n\
        1,2,1112,\"['footway', 'steps']\",\"['A', 'B']\",\n2,1,1112,footway,A,\n1,2,1200,footway,A,\n\
        3,2,1500,residential,,\"LINESTRING (0.01 0.01, 0.012 0.005, 0.01 0)\"\n2,3,,residential,,\n\
        1,1,,path,,\"LINESTRING Z (0 0 5, 0.001 0 5, 0.001 0.001 5, 0 0 5)\"\n1,1,0,path,,\n\
        1,1,,path,,\"LINESTRING (0 0, 0.001 0.001, 0.001 0, 0 0)\"\n1,8,,path,,\n";
    let read = read(edges, Some(NODES)).unwrap();
    assert!(read.fate.balances());
    assert_eq!(
        read.fate.to_string(),
        "9 rows: 4 used, 0 moved, 5 rejected (1 a loop without a course, 1 a node without a position, \
         2 other direction of a street, 1 parallel edge of the same course)"
    );
    let kinds: Vec<(&str, u64)> =
        read.issues.kinds().iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(
        kinds,
        [
            ("edge of a node without a position", 1),
            ("loop", 1),
            ("node without a street", 1),
            ("parallel edges of different courses", 1),
            // by the bend it is 1,197 m
            ("stated length differs from the course", 1),
        ]
    );
    let ways = read.value.ways();
    assert_eq!(ways.iter().map(|way| way.nodes.len()).collect::<Vec<_>>(), [4, 2, 2, 3]);
    assert_eq!(ways[1].tags, Tags::new([("highway", "footway"), ("length", "1112"), ("name", "A; B")]));
    assert_eq!(read.value.nodes().len(), 3 + 3);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let rows = ["1,2,5,a", "2,1,4,b", "2,3,,", "1,3,7,c", "3,1,7,c"];
    let table = |order: [usize; 5]| {
        let lines: Vec<&str> = order.iter().map(|&at| rows[at]).collect();
        format!("u,v,length,name\n{}\n", lines.join("\n"))
    };
    let expected = read(&table([0, 1, 2, 3, 4]), Some(NODES)).unwrap();
    for order in [[4, 3, 2, 1, 0], [1, 0, 4, 2, 3], [2, 4, 1, 3, 0]] {
        let other = read(&table(order), Some(NODES)).unwrap();
        assert_eq!((&other.value, other.fate.used), (&expected.value, expected.fate.used));
    }
}

#[test]
fn faults_name_row_field_and_remedy() {
    let check = |edges: &str, nodes: Option<&str>, expected: &str| {
        let text = read(edges, nodes).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    };
    check(
        "u,v\n1,x\n",
        Some(NODES),
        "edges.csv, row 2, field `v`: `x` cannot be used: write the id of a node",
    );
    check("u,v\n1,-2\n", Some(NODES), "edges.csv, row 2, field `v`");
    check("u,v,length\n1,2,-1\n", Some(NODES), "edges.csv, row 2, field `length`: `-1`");
    check("u,v,length\n1,2,NaN\n", Some(NODES), "edges.csv, row 2, field `length`: `NaN`");
    check(
        "u,v,wkt\n1,2,POINT (1 2)\n",
        Some(NODES),
        "field `wkt`: `POINT (1 2)` cannot be used: write a course as",
    );
    check("u,v,wkt\n1,2,LINESTRING (1 200)\n", Some(NODES), "edges.csv, row 2, field `wkt`");
    check("u,v,wkt\n1,2,LINESTRING (1 2\n", Some(NODES), "edges.csv, row 2, field `wkt`");
    check("u,v\n1,2\n", Some("node,lon,lat\n1,0,0\n1,1,1\n"), "nodes.csv, rows 2 and 3");
    check("u,v\n1,2\n", Some("node,lon,lat\n"), "nodes.csv holds no rows");
    check("u,v\n1,2\n", None, "edges.csv has no column `lon`");
    check("u,v\n", Some(NODES), "edges.csv holds no rows");
    check("u,v\n8,1\n", Some(NODES), "edges.csv holds no edge that can be a street");
    check("u,v,lon,lat\n1,2,0,0\n1,3,1,0\n2,1,1,1\n", None, "edges.csv, row 3, field `u`");
    check("a,b\n1,2\n", Some(NODES), "edges.csv has no column `start_node`");
    check("", None, "edges.csv holds no rows");
}
