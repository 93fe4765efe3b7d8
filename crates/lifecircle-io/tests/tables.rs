//! Tables and features: what is read, what is rejected, and what the messages say.

use lifecircle_io::{
    Crs, EdgeColumns, Error, FacilityColumns, ResidentColumns, UnitColumns, read_buildings_geojson,
    read_bytes, read_control_totals_csv, read_edges_csv, read_facilities_csv, read_facilities_geojson,
    read_matrix_csv, read_residents_csv, read_residents_geojson, read_units_csv, read_units_geojson,
};
use lifecircle_testkit::oracle;
use lifecircle_types::{
    DayKind, DemandIx, DemandSet, FacilityIx, FacilityState, Group, GroupBasis, Imported, LonLat,
    Millimetres, OperatingMode, Placement, Provider, ServiceKey, TravelTime, UnitKind, Weekday, ZoneType,
};

fn residents(text: &str) -> Result<Imported<DemandSet>, Error> {
    read_residents_csv(text.as_bytes(), "people.csv", &ResidentColumns::default())
}

#[test]
fn residents_with_groups_units_and_unplaced_people() {
    let read = residents(
        "ID,Longitude,Latitude,Population,unit_code,age_0_14,age_65_plus,street\n\
         b,104.07,30.67,80.5,c1,10,,x\n\
         a,104.06,30.66,120,c1,20,130,x\n\
         c,,,12,,0,0,x\n\
         d,104.08,30.66,,c2,0,0,x\n",
    )
    .unwrap();
    let set = &read.value;
    assert_eq!(set.ids(), ["a", "b", "c"]);
    assert_eq!(set.people().iter().map(|p| p.as_f64()).collect::<Vec<_>>(), [120.0, 80.5, 12.0]);
    assert_eq!(set.positions()[0], LonLat::new(104.06, 30.66).ok());
    assert_eq!(set.placements(), [Placement::Given, Placement::Given, Placement::Unplaced]);
    assert_eq!(set.unit_codes(), [Some("c1".into()), Some("c1".into()), None]);
    let names: Vec<_> = set.groups().groups().iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["age_0_14", "age_65_plus"]);
    assert_eq!(read.fate.to_string(), "4 rows: 3 used, 0 moved, 1 rejected (1 no number of people)");
    let kinds: Vec<_> = read.issues.kinds().iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(
        kinds,
        [
            ("blank number of a group", 1),
            ("group is larger than its place", 1),
            ("residents without a position", 1)
        ]
    );
    assert_eq!(read.issues.kinds()[1].examples[0].subject, "a");
}

#[test]
fn separators_marks_and_line_ends_do_not_matter() {
    let expected = residents("id,lon,lat,people\na,1,2,3\n").unwrap();
    for text in [
        "\u{feff}id,lon,lat,people\na,1,2,3",
        "id;lon;lat;people\r\na;1;2;3\r\n",
        "id\tlon\tlat\tpeople\n\na\t1\t2\t3\n\n",
        "\"id\",\"lon\",\"lat\",\"people\"\n\"a\", 1 ,\"2\",3.0\n",
    ] {
        assert_eq!(residents(text).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn columns_can_be_named() {
    let group = Group {
        name: "children".into(),
        basis: GroupBasis::WholePlaceShare,
        ..Group::from_column("age_0_14").unwrap()
    };
    let columns = ResidentColumns::default()
        .id("cell")
        .lon("x")
        .lat("y")
        .people("POP2020")
        .unit("block")
        .group("kids", group.clone());
    let text = b"cell,x,y,POP2020,block,kids,people\na,1,2,30,u,4,999\n";
    let read = read_residents_csv(text, "people.csv", &columns).unwrap().value;
    assert_eq!((read.total().rounded(), read.unit_codes()[0].as_deref()), (30, Some("u")));
    assert_eq!(read.groups().groups(), [group]);
    assert_eq!(read.groups().people(0)[0].rounded(), 4);
    let missing = read_residents_csv(text, "people.csv", &columns.people("POP2021")).unwrap_err();
    assert!(missing.to_string().contains("did you mean `POP2020`"), "{missing}");
}

#[test]
fn rows_without_ids_are_numbered_whatever_their_order() {
    let forth = residents("lon,lat,people,age_0_14\n2,1,5,0\n1,1,7,1\n1,1,6,1\n,,1,0\n").unwrap();
    let back = residents("lon,lat,people,age_0_14\n,,1,0\n1,1,6,1\n1,1,7,1\n2,1,5,0\n").unwrap();
    assert_eq!(forth.value, back.value);
    assert_eq!(forth.value.ids(), ["r000001", "r000002", "r000003", "r000004"]);
    let people: Vec<_> = forth.value.people().iter().map(|people| people.rounded()).collect();
    assert_eq!(people, [6, 7, 5, 1]);
}

#[test]
fn messages_name_row_field_and_remedy() {
    let check = |text: &str, expected: &str| {
        let error = residents(text).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text:?}");
    };
    check("", "people.csv holds no rows: add at least one, or leave the file out");
    check("id,lon,lat,people\n", "people.csv holds no rows: add at least one, or leave the file out");
    check(
        "id,lon,lat,poeple\na,1,2,3\n",
        "people.csv has no column `people` (did you mean `poeple`?); it has id, lon, lat, poeple: \
         add it, or name the column that counts everyone who lives there",
    );
    check(
        "id,lat,people\na,1,2\n",
        "people.csv has no column `lon`; it has id, lat, people: \
         add it, in degrees on WGS 84, or name the column that holds it",
    );
    check(
        "id,lon,lat,people\na,1,2,3\nb,1,2,many\n",
        "people.csv, row 3, field `people`: `many` cannot be used: \
         write a plain number, or leave the cell empty where it is not known",
    );
    check(
        "id;lon;lat;people\na;1;2;3,5\n",
        "people.csv, row 2, field `people`: `3,5` cannot be used: \
         write a number with a decimal point and without separators between thousands",
    );
    for bad in ["NaN", "inf", "1e400"] {
        check(
            &format!("id,lon,lat,people\na,1,2,{bad}\n"),
            &format!(
                "people.csv, row 2, field `people`: `{bad}` cannot be used: \
                 write a plain number, or leave the cell empty where it is not known"
            ),
        );
    }
    check(
        "id,lon,lat,people\na,1,2,-3\n",
        "people.csv, row 2, field `people`: `-3` cannot be used: write a number that is not negative",
    );
    // blank lines are skipped, but counted
    check(
        "id,lon,lat,people\n\n\na,1,2,-3\n",
        "people.csv, row 4, field `people`: `-3` cannot be used: write a number that is not negative",
    );
    check(
        "id,lon,lat,people\n\"a\nb\",1,2,3\nc,1,2,-3\n",
        "people.csv, row 4, field `people`: `-3` cannot be used: write a number that is not negative",
    );
    check(
        "id,lon,lat,people\na,30.66,104.06,3\n",
        "people.csv, row 2, field `lat`: `104.06` cannot be used: \
         longitude and latitude seem to be swapped, exchange the columns",
    );
    check(
        "id,lon,lat,people\na,479010,6677360,3\n",
        "people.csv, row 2, field `lon`: `479010` cannot be used: \
         write degrees on WGS 84: longitude -180 to 180, latitude -90 to 90; or name the coordinate system in `crs`",
    );
    check(
        "id,lon,lat,people\na,1,,3\n",
        "people.csv, row 2, field `lat`: `` cannot be used: give both longitude and latitude, or neither",
    );
    check(
        "id,lon,lat,people\n ,1,2,3\n",
        "people.csv, row 2, field `id`: `` cannot be used: give every row an id",
    );
    check(
        "id,lon,lat,people\na,1,2,3\nb,1,2,3\na,1,2,3\na,1,2,3\n",
        "people.csv, rows 2 and 4: both have the id `a`: give every row an id of its own",
    );
    check(
        "id,lon,lat,people\na,1,2,3\nb,1,2\n",
        "people.csv, row 3: 3 fields, expected 4: leave no field of a row out",
    );
    check("id,lon,lat,people,lon\na,1,2,3,4\n", "people.csv has two columns `lon`: rename or remove one");
    let latin =
        read_residents_csv(b"id,lon,lat,people\n\xe9,1,2,3\n", "people.csv", &ResidentColumns::default());
    assert_eq!(
        latin.unwrap_err().to_string(),
        "people.csv is not UTF-8 text (byte 18 does not fit): save it as UTF-8"
    );
    let zip = read_residents_csv(b"PK\x03\x04", "people.xlsx", &ResidentColumns::default());
    assert!(matches!(zip, Err(Error::WrongFormat { found: "a zip archive", .. })));
}

#[test]
fn facilities_in_the_long_form() {
    let text = "id,lon,lat,service,capacity,name,opening_hours,price,provider,operating_mode,parent,state,\
        open_from,open_until,floor_area_m2,functions,staff,users,yearly_cost,operator,source\n\
        s1,1,2,primary_school; nursery_0_3,600;,School,Mo-Fr 08:00-16:00,2.5,government,private,s0,planned,\
        2030-01-01,2040-12-31,1200,hall; canteen,40,800,1e6,City,register\n\
        s2,1,2,clinic,,,,,,,,,,,,,,,,,\n\
        s3,,,clinic,,,,,,,,,,,,,,,,,\n\
        s4,1,2,,,,,,,,,,,,,,,,,,\n";
    let read = read_facilities_csv(text.as_bytes(), "sites.csv", &FacilityColumns::default()).unwrap();
    let [school, clinic] = read.value.as_slice() else { panic!("two are used") };
    let offers: Vec<_> = school.offers.iter().map(|o| (o.service.as_str(), o.capacity)).collect();
    assert_eq!(offers, [("nursery_0_3", None), ("primary_school", Some(600.0))]);
    assert_eq!(
        (school.name.as_deref(), school.hours.as_deref()),
        (Some("School"), Some("Mo-Fr 08:00-16:00"))
    );
    assert_eq!((school.price, school.floor_area_m2), (Some(2.5), Some(1200.0)));
    assert_eq!(
        (school.provider, school.operating_mode),
        (Some(Provider::Government), Some(OperatingMode::Private))
    );
    assert_eq!((school.parent.as_deref(), school.source.as_str()), (Some("s0"), "register"));
    assert_eq!(school.functions, ["canteen", "hall"]);
    assert_eq!((school.staff, school.users, school.yearly_cost), (Some(40.0), Some(800.0), Some(1e6)));
    assert_eq!(school.operator.as_deref(), Some("City"));
    assert_eq!(school.status.state, FacilityState::Planned);
    assert_eq!(school.status.until.unwrap().to_string(), "2040-12-31");
    assert_eq!((clinic.source.as_str(), clinic.status.state), ("sites.csv", FacilityState::Open));
    assert_eq!(
        read.fate.to_string(),
        "4 rows: 2 used, 0 moved, 2 rejected (1 no position, 1 offers no service)"
    );
}

#[test]
fn facilities_in_the_wide_form() {
    let columns = FacilityColumns::default()
        .service("primary_school".parse().unwrap(), "schools")
        .service("clinic".parse().unwrap(), "healthcare");
    let text = b"id,lon,lat,schools,jobs,healthcare\na,1,2,3,7,0\nb,1,2,,7,\nc,1,2,1,7,2.5\n";
    let read = read_facilities_csv(text, "cells.csv", &columns).unwrap();
    let capacity = |row: usize, key: &str| {
        read.value.as_slice()[row].offer(&key.parse().unwrap()).map(|offer| offer.capacity.unwrap())
    };
    assert_eq!((read.value.len(), read.fate.rejected_total()), (2, 1));
    assert_eq!((capacity(0, "primary_school"), capacity(0, "clinic")), (Some(3.0), None));
    assert_eq!((capacity(1, "primary_school"), capacity(1, "clinic")), (Some(1.0), Some(2.5)));
}

#[test]
fn facilities_that_cannot_be_used_say_why() {
    let check = |text: &str, row: u64, field: &str, remedy: &str| match read_facilities_csv(
        text.as_bytes(),
        "x",
        &FacilityColumns::default(),
    )
    .unwrap_err()
    {
        Error::BadValue { row: at, field: named, remedy: says, .. } => {
            assert_eq!((at, named.as_str()), (row, field));
            assert!(says.contains(remedy), "{says}");
        }
        other => panic!("{other}"),
    };
    check("id,lon,lat,service\na,1,2,Primary School\n", 2, "service", "lower-case letters");
    check("id,lon,lat,service\na,1,2,clinic;clinic\n", 2, "service", "once");
    check("id,lon,lat,service,capacity\na,1,2,clinic;park,5\n", 2, "capacity", "one capacity per service");
    check("id,lon,lat,service,capacity\na,1,2,clinic,-5\n", 2, "capacity", "not negative");
    check("id,lon,lat,service,provider\na,1,2,clinic,state\n", 2, "provider", "government");
    check("id,lon,lat,service,open_from\na,1,2,clinic,1.1.2020\n", 2, "open_from", "YYYY-MM-DD");
    let none = read_facilities_csv(b"id,lon,lat,kind\na,1,2,x\n", "x", &FacilityColumns::default());
    assert!(matches!(none, Err(Error::MissingColumn { ref column, .. }) if column == "service"));
}

#[test]
fn units_nest() {
    let text = "code,name,kind,parent,zone,households\nc1,玉林,community,d1,urban,900\nd1,武侯,district,,,\n";
    let read = read_units_csv(text.as_bytes(), "units.csv", &UnitColumns::default()).unwrap();
    let unit = &read.value[read.value.find("c1").unwrap()];
    assert_eq!(
        (unit.kind, unit.zone, unit.households),
        (UnitKind::Community, Some(ZoneType::Urban), Some(900))
    );
    assert_eq!((unit.name.as_deref(), read.fate.used), (Some("玉林"), 2));
    let check = |text: &str, expected: &str| {
        let error = read_units_csv(text.as_bytes(), "units.csv", &UnitColumns::default()).unwrap_err();
        let mut text = error.to_string();
        if let Some(cause) = std::error::Error::source(&error) {
            text = format!("{text}: {cause}");
        }
        assert_eq!(text, expected);
    };
    check(
        "code,kind,parent\na,community,b\n",
        "units.csv does not hold together: see the cause: unit `a` names `b` as its parent, which is not among the units: correct it, or leave it empty",
    );
    check(
        "code,kind\na,village\n",
        "units.csv, row 2, field `kind`: `village` cannot be used: \
         write one of: estate community block street district city",
    );
    check(
        "code,kind\na,block\na,block\n",
        "units.csv, rows 2 and 3: both have the id `a`: give every row an id of its own",
    );
}

#[test]
fn totals_for_areas_together() {
    let text = b"area,population,year,note\nPeel,5374,2016,x\nPort Erin| Rushen |Santon,7637,2016,\"a, b\"\n";
    let totals = read_control_totals_csv(text, "census.csv").unwrap();
    assert_eq!(totals[1].areas, ["Port Erin", "Rushen", "Santon"]);
    assert_eq!(totals.iter().map(|total| total.people).sum::<u64>(), 13_011);
    for (bad, part) in [
        ("area,people\nPeel,1\nPeel|Rushen,2\n", "rows 2 and 3"),
        ("area,people\nPeel,1.5\n", "whole number"),
        ("area,people\nPeel,\n", "whole number"),
        ("area,people\n|,4\n", "at least one area"),
        ("area,people\n", "holds no rows"),
        ("area,count\nPeel,4\n", "no column `population`"),
    ] {
        let error = read_control_totals_csv(bad.as_bytes(), "census.csv").unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn matrices_of_other_tools() {
    let text = b"from_id,to_id,travel_time_min\nb,y,3\na,x,7.5\na,y,12\nb,x,\nc,x,\n";
    let table = read_matrix_csv(text, "ttm.csv").unwrap();
    assert_eq!(
        (table.origins.clone(), table.facilities.clone()),
        (vec!["a".into(), "b".into(), "c".into()], vec!["x".into(), "y".into()])
    );
    assert_eq!(table.matrix.cutoff(), TravelTime::from_minutes(12).into());
    assert_eq!(table.matrix.get(DemandIx(0), FacilityIx(0)), Some(TravelTime::from_secs(450).into()));
    assert_eq!(table.matrix.get(DemandIx(1), FacilityIx(0)), None);
    assert_eq!((table.matrix.len(), table.matrix.rows()), (3, 3));
    let far = table.clone().within(TravelTime::from_minutes(60)).unwrap();
    assert_eq!((far.matrix.len(), far.matrix.cutoff()), (3, TravelTime::from_minutes(60).into()));
    let near = table.clone().within(TravelTime::from_minutes(5)).unwrap();
    assert_eq!((near.matrix.len(), near.matrix.rows(), near.origins.len()), (1, 3, 3));
    assert!(matches!(table.within(Millimetres::from_metres(5)), Err(Error::Matrix { .. })));

    let lengths = read_matrix_csv(b"from_id,to_id,length_m\na,x,7.5\n", "m.csv").unwrap();
    assert_eq!(lengths.matrix.cutoff(), Millimetres::new(7500).into());
    for (bad, part) in [
        ("from_id,to_id,travel_time_min\na,x,1\nb,x,2\na,x,3\n", "rows 2 and 4: both have the id `a to x`"),
        ("from_id,to_id,travel_time_min\na,x,-1\n", "not negative"),
        ("from_id,to_id,travel_time_min\na,x,1e9\n", "at most 71,000 minutes"),
        ("from_id,to_id,travel_time_min\n,x,1\n", "write an id"),
        ("from_id,to_id,cost\na,x,1\n", "no column `travel_time_min`"),
    ] {
        let error = read_matrix_csv(bad.as_bytes(), "ttm.csv").unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

fn collection(features: &str) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{features}]}}"#)
}

const SQUARE: &str =
    r#"{"type": "Polygon", "coordinates": [[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01], [0, 0]]]}"#;

#[test]
fn features_are_points_or_areas() {
    let text = collection(&format!(
        r#"{{"type": "Feature", "id": 7, "geometry": {SQUARE}, "properties": {{"people": 12, "age_0_14": "3"}}}},
           {{"type": "Feature", "id": "x", "geometry": {{"type": "Point", "coordinates": [5, 6, 100]}}, "properties": {{"people": 1.5}}}},
           {{"type": "Feature", "id": 9, "geometry": null, "properties": {{"people": 4}}}},
           {{"type": "Feature", "id": 10, "geometry": null, "properties": null}}"#
    ));
    let read = read_residents_geojson(text.as_bytes(), "p", &ResidentColumns::default()).unwrap();
    assert_eq!(read.value.ids(), ["7", "9", "x"]);
    assert_eq!(read.value.positions(), [LonLat::new(0.005, 0.005).ok(), None, LonLat::new(5.0, 6.0).ok()]);
    assert_eq!(read.fate.to_string(), "4 rows: 3 used, 0 moved, 1 rejected (1 no number of people)");

    let text = collection(&format!(
        r#"{{"type": "Feature", "geometry": {SQUARE}, "properties": {{"id": 3, "service": ["park", "playground"]}}}}"#
    ));
    let read = read_facilities_geojson(text.as_bytes(), "f", &FacilityColumns::default()).unwrap().value;
    let park = &read.as_slice()[0];
    // 0.01 degrees at the equator are 1111.95 m
    assert!((park.site_area_m2.unwrap() / 1_236_431.0 - 1.0).abs() < 1e-4);
    assert_eq!((park.id.as_str(), park.offers.len()), ("3", 2));

    let text = collection(&format!(
        r#"{{"type": "Feature", "geometry": {SQUARE}, "properties": {{"code": "c1", "kind": "community"}}}},
           {{"type": "Feature", "geometry": {{"type": "MultiPolygon", "coordinates": []}}, "properties": {{"code": "c2", "kind": "community"}}}}"#
    ));
    let error = read_units_geojson(text.as_bytes(), "u", &UnitColumns::default()).unwrap_err().to_string();
    assert!(error.starts_with("u, row 2, field `geometry`"), "{error}");
    let text = collection(&format!(
        r#"{{"type": "Feature", "geometry": {SQUARE}, "properties": {{"code": "c1", "kind": "community", "households": 8}}}}"#
    ));
    let units = read_units_geojson(text.as_bytes(), "u", &UnitColumns::default()).unwrap().value;
    assert_eq!(units.as_slice()[0].boundary.as_ref().unwrap().0.len(), 1);
    assert_eq!(units.as_slice()[0].households, Some(8));
}

#[test]
fn features_that_cannot_be_read_say_why() {
    let check = |text: &str, part: &str| {
        let error =
            read_units_geojson(text.as_bytes(), "u", &UnitColumns::default()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    check("", "holds no rows");
    check(&collection(""), "holds no rows");
    check("{\"type\": \"FeatureCollection\",\n oops", "line 2, column 2 (key must be a string)");
    check("[1, 2]", "wrap the features");
    check(r#"{"type": "Feature", "geometry": null}"#, "single Feature");
    check(r#"{"type": "Topology"}"#, "TopoJSON");
    check(r#"{"type": "FeatureCollection"}"#, "no list of `features`");
    check("id,lon,lat\n1,2,3\n", "not valid JSON");
    check("<?xml version='1.0'?>", "XML");
    let crs = |name: &str| {
        format!(
            r#"{{"type": "FeatureCollection", "crs": {{"type": "name", "properties": {{"name": "{name}"}}}}, "features": []}}"#
        )
    };
    check(&crs("urn:ogc:def:crs:EPSG::2056"), "urn:ogc:def:crs:EPSG::2056: name that system");
    check(&crs("EPSG:3006"), "EPSG:3006");
    check(&crs("urn:ogc:def:crs:OGC:1.3:CRS84"), "holds no rows");
    let geometry = |shape: &str| {
        let properties = r#"{"code": "c", "kind": "block"}"#;
        collection(&format!(r#"{{"type": "Feature", "geometry": {shape}, "properties": {properties}}}"#))
    };
    check(
        &geometry(r#"{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}"#),
        "a Point, a Polygon or a MultiPolygon",
    );
    check(&geometry(r#"{"type": "Point", "coordinates": [30, 104]}"#), "swapped");
    check(&geometry(r#"{"type": "Point", "coordinates": ["30", 104]}"#), "two numbers");
    check(&geometry(r#"{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}"#), "four positions");
    check(&geometry(r#"{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]}"#), "encloses");
    check(&geometry(r#"{"type": "Polygon", "coordinates": []}"#), "one ring");
}

/// The totals are those of the notes beside the data.
#[test]
fn real_tables_hold_what_their_notes_say() {
    const TEST: &str = "totals of real tables";
    let file = |path: &str| oracle::file(TEST, &format!("data/{path}"));
    if file("poa/poa_hexgrid.csv").is_none() {
        return;
    }
    let bytes = |path: &str| read_bytes(&file(path).unwrap()).unwrap();

    let grid = bytes("poa/poa_hexgrid.csv");
    let residents = read_residents_csv(&grid, "poa_hexgrid.csv", &ResidentColumns::default()).unwrap();
    assert_eq!((residents.fate.rows, residents.value.total().rounded()), (1227, 812_935));
    let (school, clinic) = ("primary_school".parse().unwrap(), "clinic".parse().unwrap());
    let columns = FacilityColumns::default()
        .service("primary_school".parse().unwrap(), "schools")
        .service("clinic".parse().unwrap(), "healthcare");
    let sites = read_facilities_csv(&grid, "poa_hexgrid.csv", &columns).unwrap();
    assert!(sites.fate.balances());
    let capacity = |service: &ServiceKey| -> f64 {
        let offers = sites.value.as_slice().iter().filter_map(|site| site.offer(service)?.capacity);
        lifecircle_types::reduce::sum(offers)
    };
    assert!((capacity(&school) - 194.0).abs() < 1e-9 && (capacity(&clinic) - 141.0).abs() < 1e-9);

    let census = read_control_totals_csv(&bytes("isle_of_man/census.csv"), "census.csv").unwrap();
    assert_eq!(census.iter().map(|total| total.people).sum::<u64>(), 83_314);
    assert_eq!(census.iter().map(|total| total.areas.len()).sum::<usize>(), 24);

    let cells = bytes("helsinki/population_grid.csv");
    let cells = read_residents_csv(&cells, "population_grid.csv", &ResidentColumns::default()).unwrap();
    assert_eq!((cells.value.len(), cells.value.total().rounded()), (92, 71_724));
    oracle::compared(TEST, 8);
}

#[test]
fn coordinates_of_other_systems_are_converted_and_kept() {
    let utm: Crs = "epsg:32648".parse().unwrap();
    let text = b"id,XCoord,YCoord,people\na,410489.0687,3392272.4008,12\nb,,,3\n";
    let read = read_residents_csv(text, "people.csv", &ResidentColumns::default().crs(utm)).unwrap();
    // PROJ 9 has 104.0657, 30.6598 there
    assert_eq!(read.value.positions(), [LonLat::new(104.0657, 30.6598).ok(), None]);
    let given = read.value.given()[0].clone().unwrap();
    assert_eq!((given.x.to_bits(), given.crs.as_str()), (410_489.068_7_f64.to_bits(), "epsg:32648"));
    assert_eq!(read.value.given()[1], None);
    assert!(read.issues.kinds().iter().any(|kind| kind.kind == "coordinates were converted"));
    let swapped = b"id,x,y,people\na,3392272.4,410489.1,12\n";
    let fault = |text: &[u8]| {
        read_residents_csv(text, "people.csv", &ResidentColumns::default().crs(utm)).unwrap_err()
    };
    assert_eq!(
        fault(swapped).to_string(),
        "people.csv, row 2, field `x`: `3392272.4` cannot be used: x and y seem to be swapped, exchange them"
    );
    assert!(fault(b"id,x,y,people\na,NaN,410489.1,12\n").to_string().contains("field `x`: `NaN`"));
}

#[test]
fn features_name_their_system() {
    let features = |crs: &str| {
        format!(
            r#"{{"type": "FeatureCollection", "crs": {{"type": "name", "properties": {{"name": "{crs}"}}}}, "features": [
            {{"type": "Feature", "geometry": {{"type": "Point", "coordinates": [410489.0687, 3392272.4008]}},
              "properties": {{"id": "a", "people": 12}}}}]}}"#
        )
    };
    let read = |crs: &str, columns: &ResidentColumns| {
        read_residents_geojson(features(crs).as_bytes(), "people.geojson", columns)
    };
    let columns = ResidentColumns::default();
    let named = read("urn:ogc:def:crs:EPSG::32648", &columns).unwrap().value;
    assert_eq!(named.positions()[0], LonLat::new(104.0657, 30.6598).ok());
    assert_eq!(named.given()[0].as_ref().unwrap().crs, "epsg:32648");
    let unknown = read("urn:ogc:def:crs:EPSG::2056", &columns).unwrap_err();
    assert!(matches!(unknown, Error::CoordinateSystem { .. }), "{unknown}");
    let other = read("urn:ogc:def:crs:EPSG::32648", &columns.crs(Crs::GCJ02)).unwrap_err();
    assert!(matches!(other, Error::CoordinateSystem { .. }), "{other}");
}

/// The counts of the notes beside the data: nodes, undirected edges (of parallel ones the shortest), kilometres.
#[test]
fn edge_lists_of_two_cities_load_whole() {
    let cases = [
        ("Chengdu", "epsg:32648", 52_224, 18_300, 25_930, 10_726.0),
        ("Harbin", "epsg:32652", 29_686, 10_727, 14_711, 9_698.0),
    ];
    for (city, crs, rows, nodes, edges, kilometres) in cases {
        let test = format!("edge_lists_of_two_cities_load_whole {city}");
        let path = format!("data/chengdu_harbin_roads/{city}_Edgelist.csv");
        let Some(path) = oracle::file(&test, &path) else { continue };
        let bytes = read_bytes(&path).unwrap();
        let columns = EdgeColumns::default().crs(crs.parse().unwrap());
        let read = read_edges_csv(&bytes, "edges.csv", None, &columns).unwrap();
        assert_eq!((read.value.nodes().len(), read.value.ways().len()), (nodes, edges), "{city}");
        assert!(read.fate.balances() && read.fate.rows == rows, "{}", read.fate);
        let stated: f64 =
            read.value.ways().iter().map(|way| way.tags.get("length").unwrap().parse::<f64>().unwrap()).sum();
        assert!((stated / 1000.0 - kilometres).abs() < 0.5, "{city}: {stated}");
        // a straight line is never longer than the road between its ends: but for what UTM and a sphere differ by
        let at = |id: i64| read.value.node(id).unwrap().position;
        let straight: f64 =
            read.value.ways().iter().map(|way| at(way.nodes[0]).metres_to(at(way.nodes[1]))).sum();
        assert!((0.8..1.005).contains(&(straight / stated)), "{city}: {straight} of {stated}");
        oracle::compared(&test, 4);
    }
}

#[test]
fn edges_of_macau_keep_their_courses() {
    let test = "edges_of_macau_keep_their_courses";
    let (Some(edges), Some(nodes)) =
        (oracle::file(test, "data/macau/edges_directed.csv"), oracle::file(test, "data/macau/nodes.csv"))
    else {
        return;
    };
    let (edges, nodes) = (read_bytes(&edges).unwrap(), read_bytes(&nodes).unwrap());
    let read =
        read_edges_csv(&edges, "edges.csv", Some((&nodes, "nodes.csv")), &EdgeColumns::default()).unwrap();
    assert!(read.fate.balances() && read.fate.rows == 4372, "{}", read.fate);
    // junctions have the ids of the file, corners are numbered below zero
    assert_eq!(read.value.nodes().iter().filter(|node| node.id >= 0).count(), 981);
    let pairs: std::collections::BTreeSet<_> =
        read.value.ways().iter().map(|way| (way.nodes[0], way.nodes[way.nodes.len() - 1])).collect();
    assert_eq!(pairs.iter().filter(|(from, to)| from != to).count(), 1695);
    // only of its nine loops, whose courses do not come back to the node they were merged into
    let differ = read.issues.kinds().iter().find(|kind| kind.kind.starts_with("stated length")).unwrap();
    let is_loop =
        |subject: &str| subject["edge ".len()..].split_once('-').is_some_and(|(from, to)| from == to);
    assert!(differ.count == 18 && differ.examples.iter().all(|issue| is_loop(&issue.subject)));
    oracle::compared(test, 4);
}

#[test]
fn dwellings_are_outlines_with_storeys() {
    let features = |properties: &str, geometry: &str| {
        format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "geometry": {geometry}, "properties": {properties}}}]}}"#
        )
    };
    let square =
        r#"{"type": "Polygon", "coordinates": [[[0, 0], [0.001, 0], [0.001, 0.001], [0, 0.001], [0, 0]]]}"#;
    let read = |text: &str| read_buildings_geojson(text.as_bytes(), "homes.geojson", None);
    let found =
        read(&features(r#"{"id": 7, "building:levels": "11.6", "building:flats": null}"#, square)).unwrap();
    let building = &found.value[0];
    assert_eq!((building.id.as_str(), building.levels, building.dwellings), ("7", Some(12), None));
    // 0.001 degrees are 111.195 m
    assert!((building.footprint_m2 / 12_364.3 - 1.0).abs() < 1e-3, "{}", building.footprint_m2);
    let point = features(r#"{"id": 7}"#, r#"{"type": "Point", "coordinates": [0, 0]}"#);
    assert_eq!(read(&point).unwrap().fate.to_string(), "1 rows: 0 used, 0 moved, 1 rejected (1 no outline)");
    let fault = |properties: &str| read(&features(properties, square)).unwrap_err().to_string();
    assert!(fault(r#"{"id": 7, "levels": 0}"#).contains("homes.geojson, row 1, field `levels`: `0`"));
    assert!(fault(r#"{"id": 7, "flats": 1.5}"#).contains("field `flats`: `1.5`"));
    assert!(fault(r#"{"levels": 2}"#).contains("no column `id`"));
}

#[test]
fn units_of_one_kind_need_no_column() {
    let columns = UnitColumns::default().code("parish").every_kind(UnitKind::District);
    let read = read_units_csv(b"parish,name\nP1,North\n", "units.csv", &columns).unwrap();
    assert_eq!(read.value.as_slice()[0].kind, UnitKind::District);
    let twice = read_units_csv(b"parish,kind\nP1,block\n", "units.csv", &columns).unwrap_err().to_string();
    assert!(twice.starts_with("units.csv has a column `kind` of its own"), "{twice}");
}

#[test]
fn days_that_are_not_like_others() {
    let read = |text: &str| lifecircle_io::read_days_csv(text.as_bytes(), "days.csv");
    let days =
        read("kind;Date;as\nschool_holiday;2025-10-01;\nholiday;2025-10-01;Su\nworking_day;2025-09-28;Tu\n");
    let days: Vec<_> =
        days.unwrap().iter().map(|day| (day.date.to_string(), day.kind, day.counts_as)).collect();
    let (sunday, tuesday) = (Weekday::Sunday, Weekday::Tuesday);
    assert_eq!(
        days,
        [
            ("2025-09-28".into(), DayKind::WorkingDay, Some(tuesday)),
            ("2025-10-01".into(), DayKind::Holiday, Some(sunday)),
            ("2025-10-01".into(), DayKind::SchoolHoliday, None),
        ]
    );
    let fault = |text: &str| read(text).unwrap_err().to_string();
    let row = |row: &str| fault(&format!("date,kind,as\n2025-01-01,holiday,\n{row}\n"));
    assert!(
        row("2025-02-30,holiday,").starts_with("days.csv, row 3, field `date`: `2025-02-30`"),
        "{}",
        row("2025-02-30,holiday,")
    );
    assert!(row("2025-01-02,festival,").contains("write one of: holiday school_holiday working_day"));
    assert!(row("2025-01-02,holiday,Monday").contains("write one of: Mo Tu We Th Fr Sa Su"));
    assert!(row("2025-01-04,working_day,").contains("a working day counts as a weekday"));
    assert!(row(",holiday,").contains("write a day"));
    assert!(row("2025-01-02,,").contains("write holiday, school_holiday or working_day"));
    assert!(row("2025-01-01,holiday,Su").contains("rows 2 and 3"));
    assert!(row("2025-01-01,working_day,Mo").contains("rows 2 and 3"), "free and worked");
    assert!(fault("date,kind\n2025-01-04,working_day\n").contains("write it into the column `as`"));
    assert!(fault("date,as\n2025-01-04,Mo\n").contains("kind"));
    assert!(fault("date,kind\n").contains("rows"));
}
