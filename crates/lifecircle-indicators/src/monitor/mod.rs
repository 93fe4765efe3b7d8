//! Monitoring: how indicators move from their baseline to their target, what people say of services, which services
//! ought to be promoted, and whom services have to find.

mod course;
mod promotion;
mod survey;
mod table;
mod tickets;
mod unreached;

pub use course::{Course, Light, Path, continued_series, courses, trend};
pub use promotion::{Promotion, Urgency, WIDE_SHORTAGE, promotions};
pub use survey::{Estimate, Kano, KanoClass, Opinion, Quadrant, opinions};
pub use table::{
    courses_table, opinions_table, promotions_table, series_table, ticket_cells_table, tickets_table,
    unreached_table,
};
pub use tickets::{TicketCell, TicketCount, count_tickets, ticket_cells};
pub use unreached::{Unreached, unreached};
