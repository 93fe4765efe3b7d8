//! The services of a city: one row each, with the size, the rhythm and the hands it is run by.
//!
//! Numbers of sites follow the people they are meant for; floor areas run from the smallest that a standard asks for
//! to a usual large one. The figures are those of Chinese standards and local rules (GB 50180-2018, the standard of
//! complete communities of 2020, and others), rounded; they shape a city and are no statement of law.

use lifecircle_types::OperatingMode::{
    Entrusted, Private, PrivateWithPublicAid, PublicBuiltPrivateRun, PublicBuiltPublicRun, PurchasedService,
};
use lifecircle_types::Provider::{
    Community as Residents, Enterprise, Government, PublicInstitution, SocialOrganisation,
};
use lifecircle_types::{OperatingMode, Provider};

use self::Capacity::{Area, PerFloor, PerThousand};
use self::Place::{Home, Yard};
use self::Scale::{Block, City, Community, District, Estate, Street};

/// What one site is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scale {
    Estate,
    Community,
    Block,
    Street,
    District,
    City,
}

/// Where a site stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Along a street, outside the walls.
    Front,
    /// In a building of an estate.
    Home,
    /// In a schoolyard, where there is one free.
    Yard,
}

/// How much a site can take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Capacity {
    Unstated,
    /// For every thousand people it is meant for.
    PerThousand(f64),
    /// For every 100 square metres of floor.
    PerFloor(f64),
    /// The square metres of its floor, or of its site where it has none.
    Area,
}

/// A service as it is provided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) service: &'static str,
    pub(crate) name: (&'static str, &'static str),
    pub(crate) scale: Scale,
    /// People that one site is meant for; a unit has at least one site unless that one is missing.
    pub(crate) people: u32,
    pub(crate) place: Place,
    pub(crate) floor_m2: Option<(u32, u32)>,
    pub(crate) site_m2: Option<(u32, u32)>,
    pub(crate) capacity: Capacity,
    pub(crate) hours: Option<&'static str>,
    pub(crate) price: Option<f64>,
    pub(crate) provider: Provider,
    pub(crate) mode: OperatingMode,
    pub(crate) functions: &'static [&'static str],
    /// Service of the main institution, looked for in ever larger units.
    pub(crate) parent: Option<&'static str>,
    /// Whether sites belong to chains.
    pub(crate) chained: bool,
    /// How often a site is missing, relative to others.
    pub(crate) gap: f64,
    pub(crate) tags: &'static [(&'static str, &'static str)],
}

const OFFICE: &str = "Mo-Fr 09:00-17:30";
const LONG: &str = "Mo-Su 08:00-21:00";
const DAY: &str = "Mo-Su 08:30-17:30";
const LESSONS: &str = "Mo-Fr 07:30-17:30";
const SHOP: &str = "Mo-Su 07:30-22:00";
const ALWAYS: &str = "24/7";

const fn new(service: &'static str, name: (&'static str, &'static str), scale: Scale, people: u32) -> Kind {
    Kind {
        service,
        name,
        scale,
        people,
        place: Place::Front,
        floor_m2: None,
        site_m2: None,
        capacity: Capacity::Unstated,
        hours: None,
        price: None,
        provider: Government,
        mode: PublicBuiltPublicRun,
        functions: &[],
        parent: None,
        chained: false,
        gap: 1.0,
        tags: &[],
    }
}

impl Kind {
    const fn floor(mut self, low: u32, high: u32) -> Self {
        self.floor_m2 = Some((low, high));
        self
    }

    const fn site(mut self, low: u32, high: u32) -> Self {
        self.site_m2 = Some((low, high));
        self
    }

    const fn takes(mut self, capacity: Capacity) -> Self {
        self.capacity = capacity;
        self
    }

    const fn open(mut self, hours: &'static str) -> Self {
        self.hours = Some(hours);
        self
    }

    const fn costs(mut self, price: f64) -> Self {
        self.price = Some(price);
        self
    }

    const fn run(mut self, provider: Provider, mode: OperatingMode) -> Self {
        self.provider = provider;
        self.mode = mode;
        self
    }

    const fn does(mut self, functions: &'static [&'static str]) -> Self {
        self.functions = functions;
        self
    }

    const fn under(mut self, parent: &'static str) -> Self {
        self.parent = Some(parent);
        self
    }

    const fn market(mut self) -> Self {
        self.provider = Enterprise;
        self.mode = Private;
        self.chained = true;
        self
    }

    const fn of_chains(mut self) -> Self {
        self.chained = true;
        self
    }

    const fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Missing `gap` times as often as others.
    const fn scarce(mut self, gap: f64) -> Self {
        self.gap = gap;
        self
    }

    const fn tagged(mut self, tags: &'static [(&'static str, &'static str)]) -> Self {
        self.tags = tags;
        self
    }
}

/// Every service of a synthetic city but parks, which lie where the plan has them. Main institutions stand before
/// their branches.
pub(crate) const KINDS: &[Kind] = &[
    // the city and its districts
    new("public_library_main", ("图书馆", "Public Library"), City, 20_000_000)
        .floor(20_000, 60_000)
        .takes(PerFloor(4.0))
        .open("Tu-Su 09:00-20:00")
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .tagged(&[("amenity", "library")]),
    new("culture_hall_main", ("文化馆", "Culture Hall"), City, 20_000_000)
        .floor(6000, 12_000)
        .takes(Area)
        .open("Tu-Su 09:00-17:00")
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .tagged(&[("amenity", "arts_centre")]),
    new("mental_health_facility", ("精神卫生中心", "Mental Health Centre"), City, 2_000_000)
        .floor(12_000, 40_000)
        .takes(PerFloor(1.0))
        .open(ALWAYS)
        .run(PublicInstitution, PublicBuiltPublicRun),
    new("funeral_facility", ("殡仪馆", "Funeral Home"), City, 2_000_000)
        .floor(6000, 12_000)
        .open(ALWAYS)
        .tagged(&[("amenity", "funeral_hall")]),
    new("relief_management_station", ("救助管理站", "Relief Station"), City, 3_000_000)
        .floor(3000, 6000)
        .open(ALWAYS),
    new("general_hospital", ("人民医院", "People's Hospital"), District, 300_000)
        .floor(40_000, 120_000)
        .site(30_000, 80_000)
        .takes(PerThousand(5.0))
        .open(ALWAYS)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .does(&["emergency", "inpatient", "outpatient"])
        .tagged(&[("amenity", "hospital"), ("emergency", "yes")]),
    new("senior_high_school", ("高级中学", "Senior High School"), District, 90_000)
        .floor(15_000, 40_000)
        .site(25_000, 60_000)
        .takes(PerThousand(26.0))
        .open(LESSONS)
        .costs(800.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .tagged(&[("amenity", "school"), ("isced:level", "3")]),
    new("special_education_school", ("特殊教育学校", "Special School"), District, 800_000)
        .floor(5000, 9000)
        .takes(PerThousand(0.3))
        .open(LESSONS)
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun),
    new("skills_training_site", ("职业技能培训中心", "Skills Training Centre"), District, 400_000)
        .floor(2000, 5000)
        .takes(PerFloor(10.0))
        .open("Mo-Sa 09:00-20:00"),
    new("emergency_medical_station", ("急救站", "Ambulance Station"), District, 150_000)
        .floor(200, 500)
        .open(ALWAYS)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .tagged(&[("emergency", "ambulance_station")]),
    new("severe_disability_care", ("重残养护院", "Care Home for Severe Disability"), District, 600_000)
        .floor(3000, 8000)
        .takes(PerFloor(2.0))
        .open(ALWAYS)
        .costs(2500.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .scarce(2.0),
    new("central_kitchen", ("中央厨房", "Central Kitchen"), District, 400_000)
        .floor(1500, 5000)
        .takes(PerThousand(12.0))
        .open("Mo-Su 04:00-18:00")
        .run(Enterprise, PrivateWithPublicAid),
    // sub-districts
    new("community_health_centre", ("社区卫生服务中心", "Community Health Centre"), Street, 65_000)
        .floor(1700, 4500)
        .site(1420, 2860)
        .takes(PerThousand(1500.0))
        .open("Mo-Su 08:00-20:00")
        .costs(10.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .does(&["general_practice", "vaccination", "rehabilitation", "traditional_medicine"])
        .tagged(&[("amenity", "clinic"), ("healthcare", "centre")]),
    new("elderly_care_complex", ("养老服务综合体", "Elderly Care Complex"), Street, 80_000)
        .floor(1000, 3000)
        .takes(PerFloor(4.0))
        .open(DAY)
        .costs(20.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .does(&["day_care", "meals", "bathing", "learning"])
        .scarce(1.6)
        .tagged(&[("amenity", "social_facility"), ("social_facility:for", "senior")]),
    new("culture_activity_centre", ("文化活动中心", "Culture Centre"), Street, 70_000)
        .floor(3000, 6000)
        .takes(Area)
        .open("Tu-Su 09:00-21:00")
        .costs(0.0)
        .does(&["reading", "performance", "training", "exhibition"])
        .under("culture_hall_main")
        .tagged(&[("amenity", "arts_centre")]),
    new("community_service_centre", ("社区服务中心", "Community Service Centre"), Street, 80_000)
        .floor(700, 1500)
        .takes(Area)
        .open(OFFICE)
        .costs(0.0)
        .does(&["registration", "social_insurance", "counselling"]),
    new("subdistrict_office", ("街道办事处", "Sub-district Office"), Street, 100_000)
        .floor(1000, 2000)
        .takes(Area)
        .open(OFFICE)
        .costs(0.0)
        .tagged(&[("office", "government")]),
    new("police_station", ("派出所", "Police Station"), Street, 80_000)
        .floor(1000, 1600)
        .takes(Area)
        .open(ALWAYS)
        .costs(0.0)
        .tagged(&[("amenity", "police")]),
    new("judicial_office", ("司法所", "Judicial Office"), Street, 100_000)
        .floor(80, 240)
        .takes(Area)
        .open(OFFICE)
        .costs(0.0),
    new("legal_aid_point", ("公共法律服务站", "Legal Aid Point"), Street, 100_000)
        .floor(40, 120)
        .open(OFFICE)
        .costs(0.0)
        .run(Government, PurchasedService),
    new("employment_service_station", ("就业服务站", "Employment Station"), Street, 80_000)
        .floor(60, 300)
        .open(OFFICE)
        .costs(0.0),
    new("social_insurance_window", ("社保服务窗口", "Social Insurance Window"), Street, 80_000)
        .floor(40, 200)
        .open(OFFICE)
        .costs(0.0),
    new("startup_service_station", ("创业服务站", "Start-up Station"), Street, 100_000)
        .floor(100, 600)
        .takes(PerFloor(12.0))
        .open(OFFICE)
        .run(Enterprise, PrivateWithPublicAid)
        .scarce(2.0),
    new("social_work_station", ("社会工作服务站", "Social Work Station"), Street, 80_000)
        .floor(80, 300)
        .takes(PerThousand(0.1))
        .open(OFFICE)
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(1.5),
    new("child_protection_service", ("未成年人保护站", "Child Protection Station"), Street, 80_000)
        .floor(60, 200)
        .open(OFFICE)
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(1.5),
    new("maternal_child_health", ("妇幼保健站", "Mother and Child Health"), Street, 80_000)
        .floor(200, 600)
        .open("Mo-Sa 08:00-17:30")
        .costs(10.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .under("community_health_centre"),
    new("junior_middle_school", ("初级中学", "Junior Middle School"), Street, 55_000)
        .floor(9000, 22_000)
        .site(16_000, 40_000)
        .takes(PerThousand(27.0))
        .open(LESSONS)
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .at(Yard)
        .tagged(&[("amenity", "school"), ("isced:level", "2")]),
    new("nine_year_school", ("九年制学校", "Nine-year School"), Street, 160_000)
        .floor(15_000, 30_000)
        .site(25_000, 50_000)
        .takes(PerThousand(12.0))
        .open(LESSONS)
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .at(Yard)
        .scarce(4.0)
        .tagged(&[("amenity", "school"), ("isced:level", "1-2")]),
    new("elderly_home", ("养老院", "Elderly Home"), Street, 90_000)
        .floor(7000, 17_500)
        .site(3500, 22_000)
        .takes(PerFloor(2.6))
        .open(ALWAYS)
        .costs(3200.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .does(&["residence", "nursing", "dementia_care"])
        .scarce(1.3)
        .tagged(&[
            ("amenity", "social_facility"),
            ("social_facility", "nursing_home"),
            ("social_facility:for", "senior"),
        ]),
    new("nursing_home_elderly", ("老年养护院", "Nursing Home"), Street, 100_000)
        .floor(3500, 17_500)
        .takes(PerFloor(2.4))
        .open(ALWAYS)
        .costs(4500.0)
        .run(Enterprise, PrivateWithPublicAid)
        .does(&["nursing", "rehabilitation"])
        .scarce(1.8),
    new("fitness_centre_public", ("全民健身中心", "Public Fitness Centre"), Street, 80_000)
        .floor(2000, 5000)
        .takes(Area)
        .open("Mo-Su 06:30-21:30")
        .costs(10.0)
        .does(&["badminton", "swimming", "gym"])
        .tagged(&[("leisure", "sports_centre")]),
    new("large_multi_sports_ground", ("体育场", "Sports Ground"), Street, 80_000)
        .site(3150, 5620)
        .takes(Area)
        .open("Mo-Su 06:00-22:00")
        .costs(0.0)
        .tagged(&[("leisure", "pitch")]),
    new("library_branch", ("图书馆分馆", "Library Branch"), Street, 60_000)
        .floor(300, 1200)
        .takes(PerFloor(15.0))
        .open("Tu-Su 09:00-20:30")
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .under("public_library_main")
        .does(&["reading", "study"])
        .tagged(&[("amenity", "library")]),
    new("post_office", ("邮政支局", "Post Office"), Street, 60_000)
        .floor(120, 500)
        .takes(PerThousand(0.06))
        .open("Mo-Sa 09:00-17:30")
        .run(Enterprise, PublicBuiltPublicRun)
        .tagged(&[("amenity", "post_office")]),
    new("shopping_mall", ("购物中心", "Shopping Centre"), Street, 70_000)
        .floor(5000, 60_000)
        .takes(Area)
        .open("Mo-Su 10:00-22:00")
        .market()
        .tagged(&[("shop", "mall")]),
    new("outpatient_clinic", ("门诊部", "Outpatient Clinic"), Street, 30_000)
        .floor(300, 1500)
        .takes(PerFloor(1500.0))
        .open("Mo-Su 08:30-20:00")
        .costs(60.0)
        .market(),
    new("psychological_counselling", ("心理咨询室", "Counselling Room"), Street, 80_000)
        .floor(60, 250)
        .open(OFFICE)
        .costs(300.0)
        .run(Enterprise, Private)
        .scarce(2.0),
    new("rehabilitation_service", ("康复中心", "Rehabilitation Centre"), Street, 80_000)
        .floor(200, 1200)
        .takes(PerFloor(6.0))
        .open("Mo-Sa 08:30-18:00")
        .costs(80.0)
        .run(Enterprise, PrivateWithPublicAid)
        .scarce(1.6),
    new("tcm_health_care", ("中医馆", "Chinese Medicine Clinic"), Street, 40_000)
        .floor(100, 600)
        .open("Mo-Su 08:30-19:00")
        .costs(50.0)
        .market(),
    new("community_learning_centre", ("社区学校", "Community School"), Street, 80_000)
        .floor(300, 1000)
        .takes(PerFloor(20.0))
        .open("Mo-Sa 09:00-20:00")
        .costs(0.0),
    new("elderly_learning_point", ("老年学校", "School for Older People"), Street, 60_000)
        .floor(150, 800)
        .takes(PerFloor(25.0))
        .open("Mo-Fr 09:00-16:30")
        .costs(50.0),
    new("dementia_support", ("认知障碍支持中心", "Dementia Support Centre"), Street, 80_000)
        .floor(100, 400)
        .open(OFFICE)
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(2.0),
    new("gym", ("健身房", "Gym"), Street, 25_000)
        .floor(400, 2000)
        .takes(Area)
        .open("Mo-Su 09:00-22:30")
        .costs(40.0)
        .market()
        .tagged(&[("leisure", "fitness_centre")]),
    new("emergency_shelter", ("应急避难场所", "Emergency Shelter"), Street, 50_000)
        .site(3000, 20_000)
        .takes(Area)
        .costs(0.0)
        .tagged(&[("emergency", "assembly_point")]),
    // blocks of some communities
    new("primary_school", ("小学", "Primary School"), Block, 20_000)
        .floor(8000, 18_000)
        .site(12_000, 28_000)
        .takes(PerThousand(55.0))
        .open(LESSONS)
        .costs(0.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .at(Yard)
        .tagged(&[("amenity", "school"), ("isced:level", "1")]),
    new("fresh_food_market", ("菜市场", "Fresh Food Market"), Block, 20_000)
        .floor(750, 2500)
        .takes(Area)
        .open("Mo-Su 06:00-19:30")
        .run(Enterprise, PublicBuiltPrivateRun)
        .tagged(&[("amenity", "marketplace")]),
    new("medium_multi_sports_ground", ("运动场", "Medium Sports Ground"), Block, 20_000)
        .site(1310, 2460)
        .takes(Area)
        .open("Mo-Su 06:00-22:00")
        .costs(0.0)
        .tagged(&[("leisure", "pitch")]),
    new("embedded_service_complex", ("嵌入式服务综合体", "Embedded Service Complex"), Block, 24_000)
        .floor(600, 1600)
        .takes(Area)
        .open(LONG)
        .costs(0.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .does(&["elderly_care", "infant_care", "after_school_care", "meals"])
        .scarce(2.2),
    // communities
    new("community_service_station", ("社区综合服务站", "Community Service Station"), Community, 12_000)
        .floor(600, 1000)
        .takes(Area)
        .open("Mo-Sa 09:00-18:00")
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .does(&["registration", "meeting", "activities"])
        .under("community_service_centre")
        .scarce(0.5)
        .tagged(&[("amenity", "community_centre")]),
    new("community_health_station", ("社区卫生服务站", "Community Health Station"), Community, 9000)
        .floor(120, 350)
        .takes(PerThousand(900.0))
        .open("Mo-Sa 08:00-18:00")
        .costs(8.0)
        .run(PublicInstitution, PublicBuiltPublicRun)
        .does(&["general_practice", "vaccination"])
        .under("community_health_centre")
        .tagged(&[("amenity", "doctors")]),
    new("kindergarten", ("幼儿园", "Kindergarten"), Community, 4000)
        .floor(2200, 4550)
        .site(3500, 7580)
        .takes(PerThousand(32.0))
        .open(LESSONS)
        .costs(900.0)
        .run(Enterprise, PrivateWithPublicAid)
        .tagged(&[("amenity", "kindergarten")]),
    new("nursery_0_3", ("托育园", "Nursery"), Community, 6000)
        .floor(200, 800)
        .takes(PerThousand(4.0))
        .open(LESSONS)
        .costs(2400.0)
        .run(Enterprise, PrivateWithPublicAid)
        .of_chains()
        .scarce(1.8)
        .tagged(&[("amenity", "childcare")]),
    new("kindergarten_toddler_class", ("幼儿园托班", "Toddler Class"), Community, 12_000)
        .floor(80, 200)
        .takes(PerThousand(1.6))
        .open(LESSONS)
        .costs(1500.0)
        .run(Enterprise, PrivateWithPublicAid)
        .under("kindergarten")
        .scarce(2.4),
    new("after_school_care", ("四点半课堂", "After-school Care"), Community, 12_000)
        .floor(100, 400)
        .takes(PerThousand(6.0))
        .open("Mo-Fr 15:30-19:30")
        .costs(30.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(1.6),
    new("elderly_day_care", ("日间照料中心", "Day Care Centre"), Community, 12_000)
        .floor(350, 750)
        .takes(PerFloor(6.0))
        .open(DAY)
        .costs(30.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .does(&["day_care", "meals", "rehabilitation", "activities"])
        .under("elderly_care_complex")
        .scarce(1.3)
        .tagged(&[
            ("amenity", "social_facility"),
            ("social_facility", "day_care"),
            ("social_facility:for", "senior"),
        ]),
    new("elderly_service_station", ("老年服务站", "Elderly Service Station"), Community, 12_000)
        .floor(150, 400)
        .takes(PerThousand(120.0))
        .open(DAY)
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .under("elderly_care_complex"),
    new("elderly_meal_point", ("老年助餐点", "Meal Point"), Community, 12_000)
        .floor(60, 200)
        .takes(PerThousand(14.0))
        .open("Mo-Su 10:30-13:00,17:00-18:30")
        .costs(15.0)
        .run(Enterprise, PrivateWithPublicAid)
        .under("elderly_care_complex")
        .scarce(1.4),
    new("elderly_activity_room", ("老年活动室", "Elderly Activity Room"), Community, 8000)
        .floor(80, 300)
        .takes(PerFloor(30.0))
        .open(DAY)
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .at(Home),
    new("community_canteen", ("社区食堂", "Community Canteen"), Community, 12_000)
        .floor(200, 600)
        .takes(PerThousand(30.0))
        .open("Mo-Su 06:30-19:30")
        .costs(18.0)
        .run(Enterprise, PrivateWithPublicAid)
        .scarce(1.6),
    new("culture_activity_station", ("文化活动站", "Culture Station"), Community, 12_000)
        .floor(250, 1200)
        .takes(Area)
        .open(LONG)
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .does(&["reading", "rehearsal", "training"])
        .under("culture_activity_centre"),
    new("small_multi_sports_ground", ("球场", "Ball Court"), Community, 5000)
        .site(770, 1310)
        .takes(Area)
        .open("Mo-Su 06:00-22:00")
        .costs(0.0)
        .tagged(&[("leisure", "pitch"), ("sport", "basketball")]),
    new("outdoor_fitness_ground", ("健身广场", "Fitness Ground"), Community, 8000)
        .site(150, 750)
        .takes(Area)
        .open(ALWAYS)
        .costs(0.0)
        .tagged(&[("leisure", "fitness_station")]),
    new("public_activity_ground", ("公共活动场地", "Activity Ground"), Community, 12_000)
        .site(150, 900)
        .takes(Area)
        .open(ALWAYS)
        .costs(0.0),
    new("children_play_space", ("儿童游乐场", "Playground"), Community, 6000)
        .site(100, 600)
        .takes(Area)
        .open(ALWAYS)
        .costs(0.0)
        .tagged(&[("leisure", "playground")]),
    new("general_supermarket", ("超市", "Supermarket"), Community, 4000)
        .floor(300, 3000)
        .takes(Area)
        .open(SHOP)
        .market()
        .tagged(&[("shop", "supermarket")]),
    new("pharmacy", ("药店", "Pharmacy"), Community, 2500)
        .floor(60, 200)
        .open("Mo-Su 08:00-22:00")
        .market()
        .tagged(&[("amenity", "pharmacy")]),
    new("convenience_store", ("便利店", "Convenience Store"), Community, 2500)
        .floor(50, 120)
        .takes(Area)
        .open("Mo-Su 06:30-23:30")
        .market()
        .scarce(0.5)
        .tagged(&[("shop", "convenience")]),
    new("restaurant", ("饭店", "Restaurant"), Community, 1500)
        .floor(60, 500)
        .takes(PerFloor(45.0))
        .open("Mo-Su 10:00-21:30")
        .costs(35.0)
        .market()
        .scarce(0.5)
        .tagged(&[("amenity", "restaurant")]),
    new("everyday_repair_personal", ("便民服务点", "Repair and Hairdresser"), Community, 2500)
        .floor(20, 80)
        .open("Mo-Su 09:00-20:00")
        .costs(30.0)
        .market(),
    new("domestic_help_outlet", ("家政服务站", "Domestic Help"), Community, 9000)
        .floor(30, 100)
        .open("Mo-Sa 09:00-18:00")
        .costs(40.0)
        .market()
        .scarce(1.3),
    new("public_toilet", ("公共厕所", "Public Toilet"), Community, 4000)
        .floor(30, 80)
        .site(60, 120)
        .takes(PerFloor(20.0))
        .open(ALWAYS)
        .costs(0.0)
        .tagged(&[("amenity", "toilets")]),
    new("bus_stop", ("公交站", "Bus Stop"), Community, 2800)
        .costs(2.0)
        .run(Enterprise, PublicBuiltPublicRun)
        .scarce(0.4)
        .tagged(&[("highway", "bus_stop")]),
    new("waste_collection_station", ("垃圾收集站", "Waste Station"), Community, 12_000)
        .site(120, 200)
        .takes(PerThousand(1.1))
        .open("Mo-Su 05:00-20:00")
        .costs(0.0),
    new("recycling_point", ("再生资源回收点", "Recycling Point"), Community, 6000)
        .site(6, 30)
        .open("Mo-Su 08:00-18:00")
        .costs(0.0)
        .run(Enterprise, Private)
        .tagged(&[("amenity", "recycling")]),
    new("disabled_support_point", ("残疾人康复点", "Disabled Support Point"), Community, 12_000)
        .floor(50, 200)
        .takes(PerFloor(8.0))
        .open(OFFICE)
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(2.0),
    new("social_assistance_window", ("社会救助窗口", "Social Assistance Window"), Community, 12_000)
        .floor(15, 40)
        .open(OFFICE)
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .under("community_service_station"),
    new("veterans_service_station", ("退役军人服务站", "Veterans Station"), Community, 12_000)
        .floor(20, 80)
        .open(OFFICE)
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .under("community_service_station"),
    new("community_legal_home", ("社区法律之家", "Community Legal Home"), Community, 12_000)
        .floor(15, 60)
        .open("Mo-Fr 14:00-17:30")
        .costs(0.0)
        .run(SocialOrganisation, PurchasedService)
        .scarce(1.6),
    new("beautiful_space", ("美空间", "Beautiful Space"), Community, 12_000)
        .floor(60, 400)
        .open("Mo-Su 10:00-20:00")
        .costs(0.0)
        .run(Enterprise, Entrusted)
        .scarce(2.6),
    new("embedded_short_stay_care", ("长者照护之家", "Short-stay Care"), Community, 16_000)
        .floor(300, 800)
        .takes(PerFloor(4.8))
        .open(ALWAYS)
        .costs(180.0)
        .run(SocialOrganisation, PublicBuiltPrivateRun)
        .does(&["nursing", "respite"])
        .under("elderly_care_complex")
        .at(Home)
        .scarce(3.0),
    // estates
    new("parcel_point", ("快递驿站", "Parcel Point"), Estate, 2000)
        .floor(20, 80)
        .takes(PerThousand(60.0))
        .open("Mo-Su 08:00-21:30")
        .market()
        .at(Home)
        .scarce(0.6),
    new("doorstep_sport_space", ("门前健身点", "Doorstep Sport Space"), Estate, 3000)
        .site(60, 300)
        .open(ALWAYS)
        .costs(0.0)
        .run(Residents, PublicBuiltPublicRun)
        .at(Home)
        .scarce(2.4),
    new("property_service_room", ("物业服务用房", "Property Office"), Estate, 6000)
        .floor(40, 200)
        .takes(Area)
        .open("Mo-Su 08:30-18:00")
        .run(Enterprise, Private)
        .at(Home),
    new("waste_collection_point", ("垃圾分类投放点", "Waste Sorting Point"), Estate, 900)
        .takes(PerThousand(1.2))
        .open("Mo-Su 06:30-09:30,17:30-20:30")
        .costs(0.0)
        .at(Home)
        .scarce(0.3),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_are_sound() {
        let mut seen = BTreeSet::new();
        let mut scale = City;
        for kind in KINDS {
            assert!(kind.service.parse::<lifecircle_types::ServiceKey>().is_ok(), "{}", kind.service);
            assert!(kind.scale <= scale, "{} stands after smaller ones", kind.service);
            scale = kind.scale;
            if let Some(parent) = kind.parent {
                assert!(seen.contains(parent), "{} stands before {parent}", kind.service);
            }
            assert!(seen.insert(kind.service), "{} stands twice", kind.service);
            assert!(kind.people > 0 && kind.gap >= 0.0);
            for (low, high) in [kind.floor_m2, kind.site_m2].into_iter().flatten() {
                assert!(0 < low && low < high, "{}", kind.service);
            }
            if kind.capacity == Area {
                assert!(kind.floor_m2.is_some() || kind.site_m2.is_some(), "{}", kind.service);
            }
            if matches!(kind.capacity, PerFloor(_)) {
                assert!(kind.floor_m2.is_some(), "{}", kind.service);
            }
        }
    }
}
