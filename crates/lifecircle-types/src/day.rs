//! Days that are not like others: holidays, and days on which people work as on another one.

use crate::date::Date;

crate::word_enum! {
    /// A day of the week, as opening hours write it.
    Weekday, "day of the week" {
        /// Monday.
        Monday = "Mo",
        /// Tuesday.
        Tuesday = "Tu",
        /// Wednesday.
        Wednesday = "We",
        /// Thursday.
        Thursday = "Th",
        /// Friday.
        Friday = "Fr",
        /// Saturday.
        Saturday = "Sa",
        /// Sunday.
        Sunday = "Su",
    }
}

crate::word_enum! {
    /// How a day differs from others.
    DayKind, "kind of day" {
        /// A public holiday.
        Holiday = "holiday",
        /// A day of school holidays.
        SchoolHoliday = "school_holiday",
        /// A day of the weekend on which people work, to make up for a holiday (调休).
        WorkingDay = "working_day",
    }
}

/// A day that is not like others of its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecialDay {
    /// The day.
    pub date: Date,
    /// How it differs.
    pub kind: DayKind,
    /// The weekday as which it counts: of a working day the one whose hours hold; of a holiday the one whose hours hold
    /// where opening hours do not speak of holidays.
    pub counts_as: Option<Weekday>,
}
