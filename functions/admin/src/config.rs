//! The settings of the platform, as the API shows and takes them.

use jiff::Timestamp;
use outlay_core::Decimal;
use outlay_http::{Body, Problem, Response, fields, revision};
use outlay_store::PlatformConfig;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A thousandth of a percent in units of 10^-18.
const THOUSANDTH: i128 = 1_000_000_000_000_000;

/// The settings of the platform.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlatformConfig)]
pub struct ConfigBody {
    /// What everybody is told by `GET /v1/platform/health`, such as planned work; null is nothing.
    #[schema(required)]
    pub notice: Option<String>,
    /// The availability that is promised for a month, in percent.
    #[schema(example = "99.9")]
    pub sla_target: String,
    /// When it was changed last; null before the first change.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
}

/// The settings, all of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PlatformConfigPut)]
pub struct ConfigPut {
    /// At most 500 characters; null takes the notice away.
    #[schema(required, max_length = 500)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub notice: Option<String>,
    /// In percent, from 0 to 100, at most three digits after the point.
    #[schema(example = "99.9")]
    pub sla_target: String,
}

impl ConfigPut {
    /// The next settings after these.
    pub(crate) fn after(
        &self,
        before: &PlatformConfig,
        now: Timestamp,
    ) -> Result<PlatformConfig, Problem> {
        let notice = self.notice.as_deref();
        Ok(PlatformConfig {
            revision: before.revision + 1,
            notice: notice
                .map(|text| fields::line("/notice", text, 500))
                .transpose()?,
            sla_target: thousandths(&self.sla_target).ok_or_else(|| {
                Problem::invalid(
                    "/slaTarget",
                    "must be a percentage such as 99.9, with at most three digits after the point",
                )
            })?,
            changed_at: Some(now),
        })
    }
}

fn thousandths(text: &str) -> Option<u32> {
    let (decimal, _) = Decimal::parse(text.as_bytes()).ok()?;
    let units = decimal.units();
    let thousandths = u32::try_from(units / THOUSANDTH).ok()?;
    (units % THOUSANDTH == 0 && units >= 0 && thousandths <= 100_000).then_some(thousandths)
}

/// Thousandths of a percent as people write them: `99.9`.
pub(crate) fn percent(thousandths: u32) -> String {
    let units = i128::from(thousandths) * THOUSANDTH;
    Decimal::from_units(units).unwrap_or_default().to_string()
}

/// The settings with their ETag.
pub(crate) fn shown(config: PlatformConfig) -> Result<Response<Body>, Problem> {
    let body = ConfigBody {
        notice: config.notice,
        sla_target: percent(config.sla_target),
        changed_at: config.changed_at,
    };
    revision::tagged(config.revision, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(notice: Option<&str>, sla_target: &str) -> ConfigPut {
        ConfigPut {
            notice: notice.map(str::to_owned),
            sla_target: sla_target.to_owned(),
        }
    }

    #[test]
    fn percentages_are_exact() {
        for (text, wanted) in [
            ("99.9", 99_900),
            ("100", 100_000),
            ("0", 0),
            ("99.995", 99_995),
        ] {
            assert_eq!(thousandths(text), Some(wanted));
            assert_eq!(percent(wanted), text);
        }
        for bad in ["", "-1", "100.001", "99.9999", "x", "1e400", "NaN", "99,9"] {
            assert_eq!(thousandths(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_change_counts_on() {
        let before = PlatformConfig::default();
        let after = put(Some(" Work tonight "), "99.5")
            .after(&before, Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!((after.revision, after.sla_target), (1, 99_500));
        assert_eq!(after.notice.as_deref(), Some("Work tonight"));
        assert!(
            put(Some("a\nb"), "99")
                .after(&before, Timestamp::UNIX_EPOCH)
                .is_err()
        );
        assert!(
            put(None, "101")
                .after(&before, Timestamp::UNIX_EPOCH)
                .is_err()
        );
    }

    #[test]
    fn every_setting_is_given() {
        assert!(serde_json::from_str::<ConfigPut>(r#"{"notice":null,"slaTarget":"99"}"#).is_ok());
        assert!(serde_json::from_str::<ConfigPut>(r#"{"slaTarget":"99"}"#).is_err());
        assert!(
            serde_json::from_str::<ConfigPut>(r#"{"notice":null,"slaTarget":"99","x":1}"#).is_err()
        );
    }
}
