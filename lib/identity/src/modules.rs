use outlay_store::Profile;
use serde::Serialize;

/// A part of the product. A company's profile says which it has; the API refuses the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Module {
    /// A person's own account. It belongs to no company, so no company's state touches it.
    Account,
    /// The company itself and its people: every company has it.
    Company,
    /// Questions about costs.
    Costs,
    /// Bills handed in as files.
    Uploads,
    /// API tokens, for programs.
    Tokens,
    /// Who did what.
    Audit,
}

impl Module {
    /// As problems and the API name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Company => "company",
            Self::Costs => "costs",
            Self::Uploads => "uploads",
            Self::Tokens => "tokens",
            Self::Audit => "audit",
        }
    }

    /// Whether a company of this profile has it.
    pub fn is_in(self, profile: Profile) -> bool {
        modules_of(profile).contains(&self)
    }
}

/// The modules of a profile.
pub fn modules_of(profile: Profile) -> &'static [Module] {
    use Module::{Account, Audit, Company, Costs, Tokens, Uploads};
    match profile {
        Profile::Full => &[Account, Company, Costs, Uploads, Tokens, Audit],
        Profile::Analysis => &[Account, Company, Costs, Uploads],
        Profile::Explorer => &[Account, Company, Costs, Tokens, Audit],
        Profile::Intake => &[Account, Company, Uploads, Audit],
    }
}

/// The page of the web app that people of a company see first.
pub fn landing_of(profile: Profile) -> &'static str {
    match profile {
        Profile::Full | Profile::Analysis => "/overview",
        Profile::Explorer => "/explore",
        Profile::Intake => "/data",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILES: [Profile; 4] = [
        Profile::Full,
        Profile::Analysis,
        Profile::Explorer,
        Profile::Intake,
    ];

    #[test]
    fn every_company_can_be_looked_after() {
        for profile in PROFILES {
            assert!(Module::Account.is_in(profile) && Module::Company.is_in(profile));
        }
    }

    #[test]
    fn a_company_lands_where_it_may_go() {
        for profile in PROFILES {
            let module = match landing_of(profile) {
                "/overview" | "/explore" => Module::Costs,
                "/data" => Module::Uploads,
                other => panic!("{other}"),
            };
            assert!(module.is_in(profile), "{profile:?}");
        }
    }

    #[test]
    fn names_are_those_of_the_api() {
        for module in modules_of(Profile::Full) {
            assert_eq!(serde_json::to_value(module).unwrap(), module.name());
        }
    }
}
