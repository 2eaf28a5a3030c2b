//! What `stats` prints.

use pubflow_index::Statistics;
use pubflow_spec::ProjectName;
use serde::Serialize;

/// What `pubflow stats --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct StatisticsDocument {
    schema: u32,
    project: String,
    last_day: u64,
    last_week: u64,
    last_month: u64,
    days: Vec<DayJson>,
}

#[derive(Debug, Serialize)]
struct DayJson {
    date: String,
    downloads: u64,
}

impl StatisticsDocument {
    /// The document for one project.
    pub(crate) fn new(project: &ProjectName, found: &Statistics) -> Self {
        let days = found.days.iter().map(|(date, downloads)| DayJson {
            date: date.clone(),
            downloads: *downloads,
        });
        Self {
            schema: super::SCHEMA,
            project: project.normalized().to_owned(),
            last_day: found.last_day,
            last_week: found.last_week,
            last_month: found.last_month,
            days: days.collect(),
        }
    }

    /// The same for people.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{}: downloads of the last day {}, week {}, month {} (mirrors included)\n",
            self.project, self.last_day, self.last_week, self.last_month
        );
        if !self.days.is_empty() {
            text.push_str("\nby day, without mirrors\n");
            for day in &self.days {
                text.push_str(&format!("{}  {}\n", day.date, day.downloads));
            }
        }
        text
    }
}
