//! What the routes of companies share.

use jiff::Timestamp;
use outlay_core::{TenantId, UserId};
use outlay_http::{Problem, Request, fields, json_body};
use outlay_store::{DirectoryTenant, Member, Profile, RequestLimits, Role, Standing, Tenant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::pages::standing_of;

/// A company, in short.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompanySummary)]
pub struct CompanySummary {
    /// `ten_...`
    #[schema(value_type = String)]
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Whether its people may do anything.
    pub standing: Standing,
    /// When it was founded.
    #[schema(value_type = String, format = DateTime)]
    pub founded_at: Timestamp,
}

impl From<DirectoryTenant> for CompanySummary {
    fn from(entry: DirectoryTenant) -> Self {
        Self {
            standing: standing_of(entry.standing.as_deref()),
            id: entry.tenant_id,
            name: entry.name,
            founded_at: entry.created_at,
        }
    }
}

impl From<&Tenant> for CompanySummary {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.tenant_id.clone(),
            name: tenant.name.clone(),
            standing: tenant.standing,
            founded_at: tenant.created_at,
        }
    }
}

/// A company with its people.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompanyDetail)]
pub struct CompanyDetail {
    /// The company.
    #[serde(flatten)]
    pub company: CompanySummary,
    /// What is agreed with it.
    pub terms: CompanyTerms,
    /// Its people.
    pub people: Vec<CompanyPerson>,
}

/// What is agreed with a company.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CompanyTerms)]
pub struct CompanyTerms {
    /// What it has of the product.
    pub profile: Profile,
    /// How often it may ask; null is as often as everybody.
    #[schema(required)]
    #[serde(deserialize_with = "Option::deserialize")]
    pub limits: Option<RequestRates>,
}

impl CompanyTerms {
    /// Those of this company.
    pub(crate) fn of(tenant: &Tenant, limits: Option<RequestLimits>) -> Self {
        Self {
            profile: tenant.profile,
            limits: limits.map(|limits| RequestRates {
                tenant_per_minute: limits.tenant_per_minute,
                user_per_minute: limits.user_per_minute,
            }),
        }
    }
}

/// Requests in a minute.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RequestRates)]
pub struct RequestRates {
    /// Of all its people and programs together.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub tenant_per_minute: u64,
    /// Of one of them.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub user_per_minute: u64,
}

/// A person of a company.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompanyPerson)]
pub struct CompanyPerson {
    /// `usr_...`
    #[schema(value_type = String)]
    pub user_id: UserId,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Whether the person may act there.
    pub standing: Standing,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub joined_at: Timestamp,
}

impl From<Member> for CompanyPerson {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id,
            name: member.name,
            email: member.email,
            role: member.role,
            standing: member.standing,
            joined_at: member.joined_at,
        }
    }
}

/// Why something is suspended or restored.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = StandingChange)]
pub struct StandingChange {
    /// Written into the audit, for those who ask later.
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "Invoice 2026-10 is not paid"
    )]
    pub reason: String,
}

/// The reason that the body gives.
pub(crate) fn reason(request: &Request) -> Result<String, Problem> {
    let input: StandingChange = json_body(request)?;
    fields::line("/reason", &input.reason, 500)
}
