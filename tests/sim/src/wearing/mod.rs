//! Printers that jam, and of some the rollers wear, with a truth that only the world knows: from when on, and when
//! people have had enough. Made before any rule was judged by it:
//!
//! - Pages: an office of [`crate::supplies::office`] with its weekends, holidays, lulls and bursts; one in ten takes on
//!   people and prints more from a day on.
//! - Rollers ([`rollers`]): friction falls with every sheet, as rubber wears and paper dust covers it (ASME ISPS-MIPE
//!   2018, V001T07A006), so the rate of jams grows with pages, not with days; exponentially is assumed. Makers' rollers are due
//!   after 100,000 to 350,000 pages, so that a watched printer may reach that day at any time; from the first sign until
//!   people complain 4 to 30 weeks are assumed. A healthy printer of an office is assumed to jam about once in 2,000 pages
//!   (lognormal); one in twelve always jams once in 100 to 250, and its people know nothing else. People call for help
//!   one to five weeks after they have had enough; new rollers make it as before.
//! - Trouble that is no wear ([`trouble`]): somebody new who loads paper badly for a week; a batch of damp or curled paper
//!   (rather in summer) until five reams are printed; labels and envelopes on one day; and more jams in summer in general.
//! - What stops a printer otherwise: open covers, empty trays, a fault that goes away, and in one of twelve a
//!   maintenance reminder that stands for months.
//! - What is seen ([`seen`]): a jam lasts minutes, until somebody pulls the sheet out, and where a scrap stays behind the
//!   next follows at once. A printer is asked every 15 minutes in working hours, and every two while it complains or while
//!   a job waits in a queue that the agent knows, as the agent does; so many jams are never seen.

pub mod printer;
pub mod rollers;
mod seen;
mod trouble;

pub use printer::Printer;
pub use rollers::Wear;
