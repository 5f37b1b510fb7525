//! Days of the calendar. The date of a run is an input, so that a run can be repeated.

use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar. Ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Date {
    /// The year, up to 9999.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The day by the clock of this machine, in UTC.
    pub fn by_the_clock() -> Date {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Date::of_epoch_day(seconds / 86_400)
    }

    /// The day so many days later, at most the last of the year 9999.
    pub fn later_by(self, days: u32) -> Date {
        let (mut year, mut month, mut day) = (self.year, self.month, u32::from(self.day) + days);
        while day > u32::from(days_of_month(year, month)) {
            if (year, month) == (9999, 12) {
                return Date { year, month, day: 31 };
            }
            day -= u32::from(days_of_month(year, month));
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        Date { year, month, day: day as u8 }
    }

    /// How many days lie between an earlier day and this one; none if that is later.
    pub fn days_since(self, earlier: Date) -> u64 {
        self.epoch_day().saturating_sub(earlier.epoch_day())
    }

    /// How many days of the calendar are before it, from the year 1 on.
    fn epoch_day(self) -> u64 {
        let years = u64::from(self.year).saturating_sub(1);
        let of_years = years * 365 + years / 4 - years / 100 + years / 400;
        let of_months: u64 = (1..self.month).map(|month| u64::from(days_of_month(self.year, month))).sum();
        of_years + of_months + u64::from(self.day)
    }

    /// The day so many days after 1970-01-01.
    fn of_epoch_day(mut days: u64) -> Date {
        let (mut year, mut month) = (1970, 1);
        while days >= days_of_year(year) {
            days -= days_of_year(year);
            year += 1;
        }
        while days >= u64::from(days_of_month(year, month)) {
            days -= u64::from(days_of_month(year, month));
            month += 1;
        }
        Date { year, month, day: days as u8 + 1 }
    }
}

fn is_leap_year(year: u16) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn days_of_year(year: u16) -> u64 {
    if is_leap_year(year) { 366 } else { 365 }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = String;

    /// Reads `2026-01-31`.
    fn from_str(text: &str) -> Result<Date, String> {
        let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let is_date = text.len() == 10
            && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
            && [4, 7].into_iter().all(|at| text.as_bytes()[at] == b'-');
        if !is_date {
            return Err("write the date as YYYY-MM-DD".to_owned());
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap_or(0);
        let (year, month, day) = (number(0..4), number(5..7) as u8, number(8..10) as u8);
        let exists =
            year >= 1 && (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
        if exists { Ok(Date { year, month, day }) } else { Err("there is no such day".to_owned()) }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for good in ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"] {
            assert_eq!(good.parse::<Date>().map(|day| day.to_string()).as_deref(), Ok(good));
        }
        for wrong in
            ["2025-02-29", "1900-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-04-31", "２026-01-1"]
        {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_later_go_over_months_and_years() {
        for (day, days, later) in [
            ("2026-11-22", 0, "2026-11-22"),
            ("2026-11-22", 30, "2026-12-22"),
            ("2027-12-31", 60, "2028-02-29"),
            ("9999-12-01", 365, "9999-12-31"),
        ] {
            let day = day.parse::<Date>().unwrap();
            assert_eq!(day.later_by(days).to_string(), later);
        }
    }

    #[test]
    fn days_between_two_days_are_counted() {
        let days = |later: &str, earlier: &str| {
            let [later, earlier] = [later, earlier].map(|day| day.parse::<Date>().unwrap());
            later.days_since(earlier)
        };
        assert_eq!(days("2026-11-22", "2026-11-22"), 0);
        assert_eq!(days("2026-11-22", "2026-05-19"), 187);
        assert_eq!(days("2024-03-01", "2024-02-28"), 2);
        assert_eq!(days("2001-01-01", "1900-01-01"), 36_890);
        assert_eq!(days("2026-01-01", "2026-01-02"), 0, "a clock that went wrong");
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (day, date) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (19_782, "2024-02-29"), (20_453, "2025-12-31")]
        {
            assert_eq!(Date::of_epoch_day(day).to_string(), date);
        }
    }
}
