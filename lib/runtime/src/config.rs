use std::{collections::HashMap, time::Duration};

/// A function was not given a variable that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {} is missing or not as it should be: see template.yaml", .0.name())]
pub struct MissingVariable(pub Variable);

macro_rules! variables {
    ($($(#[$doc:meta])* $variable:ident = $name:literal;)*) => {
        /// The environment variables that functions are given by `template.yaml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Variable { $($(#[$doc])* $variable),* }

        impl Variable {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variable),*];

            /// As the environment names it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variable => $name),* }
            }
        }
    };
}

variables! {
    /// Lifetime of access tokens, in seconds.
    AccessTokenSeconds = "ACCESS_TOKEN_SECONDS";
    /// Requests of an address in a minute, where no access token is needed.
    AddressRequestsPerMinute = "ADDRESS_REQUESTS_PER_MINUTE";
    /// Where copies of the audit go.
    ArchiveBucket = "ARCHIVE_BUCKET";
    /// Role that adds to the archive.
    ArchiveRoleArn = "ARCHIVE_ROLE_ARN";
    /// The one bucket.
    BucketName = "BUCKET_NAME";
    /// How long what is known of a caller is kept, in seconds; at most a minute.
    CallerCacheSeconds = "CALLER_CACHE_SECONDS";
    /// Role that looks at whoever calls.
    CallerRoleArn = "CALLER_ROLE_ARN";
    /// Queue that `ingest-commit` works off.
    CommitsQueueUrl = "COMMITS_QUEUE_URL";
    /// Role of what the stream keeps for work across tenants.
    DirectoryRoleArn = "DIRECTORY_ROLE_ARN";
    /// What CloudFront shows with every request; none where there is no CloudFront.
    EdgeSecret = "EDGE_SECRET";
    /// Role that begins the end of one company.
    EndingRoleArn = "ENDING_ROLE_ARN";
    /// Functions that follow the table's stream, separated by commas.
    Followers = "FOLLOWERS";
    /// Role that may tell the platform of signs of life, and nothing else.
    HeartbeatRoleArn = "HEARTBEAT_ROLE_ARN";
    /// Who reads inquiries.
    InquiryTo = "INQUIRY_TO";
    /// Role that stores inquiries.
    InquiriesRoleArn = "INQUIRIES_ROLE_ARN";
    /// Lifetime of invitations, in seconds.
    InviteSeconds = "INVITE_SECONDS";
    /// Log groups by domain: `auth=/outlay/prod/auth,...`.
    LogGroups = "LOG_GROUPS";
    /// Least severe level that is logged.
    LogLevel = "LOG_LEVEL";
    /// Sender of all mail.
    MailFrom = "MAIL_FROM";
    /// Role of signs of life and downtimes.
    MonitorRoleArn = "MONITOR_ROLE_ARN";
    /// Role that makes a global owner.
    NewOwnerRoleArn = "NEW_OWNER_ROLE_ARN";
    /// How long the end of a company waits for what was under way, in seconds.
    OffboardingGraceSeconds = "OFFBOARDING_GRACE_SECONDS";
    /// Queue that `offboarding-work` works off.
    OffboardingQueueUrl = "OFFBOARDING_QUEUE_URL";
    /// Role that removes one company and one person of it.
    OffboardingRoleArn = "OFFBOARDING_ROLE_ARN";
    /// Where the external issuer is asked for a sign-in; none where the web app does not offer it.
    OidcAuthorizationEndpoint = "OIDC_AUTHORIZATION_ENDPOINT";
    /// Client at the external issuer; none where nobody signs in from outside.
    OidcClientId = "OIDC_CLIENT_ID";
    /// External issuer of identity tokens (`iss`).
    OidcIssuer = "OIDC_ISSUER";
    /// Where the external issuer shows its keys.
    OidcJwksUri = "OIDC_JWKS_URI";
    /// Where the external issuer gives its tokens.
    OidcTokenEndpoint = "OIDC_TOKEN_ENDPOINT";
    /// Role of a global owner who only looks.
    OperatorReadRoleArn = "OPERATOR_READ_ROLE_ARN";
    /// Role of a global owner at work.
    OperatorRoleArn = "OPERATOR_ROLE_ARN";
    /// Queue that `ingest-transform` works off.
    PartsQueueUrl = "PARTS_QUEUE_URL";
    /// Role of what everybody may see.
    PublicRoleArn = "PUBLIC_ROLE_ARN";
    /// KMS key of refresh tokens.
    RefreshKeyId = "REFRESH_KEY_ID";
    /// Role of people and addresses.
    RegistryRoleArn = "REGISTRY_ROLE_ARN";
    /// First wait before a failed message is tried again, in seconds; it doubles.
    RetryBaseSeconds = "RETRY_BASE_SECONDS";
    /// Schedules: `name=function=minutes,...`.
    Schedules = "SCHEDULES";
    /// Role of the keys that copies of the audit are sealed with.
    SealRoleArn = "SEAL_ROLE_ARN";
    /// KMS keys of access tokens, current first, separated by commas.
    SigningKeyIds = "SIGNING_KEY_IDS";
    /// The queue whose messages this function is given.
    SourceQueueUrl = "SOURCE_QUEUE_URL";
    /// How often the monitor runs, in minutes.
    MonitorMinutes = "MONITOR_MINUTES";
    /// The single table.
    TableName = "TABLE_NAME";
    /// Role that reads one tenant's data.
    TenantReadRoleArn = "TENANT_READ_ROLE_ARN";
    /// Role that reads and writes one tenant's data.
    TenantWriteRoleArn = "TENANT_WRITE_ROLE_ARN";
    /// Requests of a company in a minute.
    TenantRequestsPerMinute = "TENANT_REQUESTS_PER_MINUTE";
    /// `iss` of access tokens.
    TokenIssuer = "TOKEN_ISSUER";
    /// Requests of one of its people in a minute.
    UserRequestsPerMinute = "USER_REQUESTS_PER_MINUTE";
    /// Lifetime of mailed codes, in seconds.
    VerifyCodeSeconds = "VERIFY_CODE_SECONDS";
    /// How long a worker may give no sign of life, in seconds.
    WorkerPatienceSeconds = "WORKER_PATIENCE_SECONDS";
    /// Workers, their queues and dead letters: `name=queue=dead letters,...`.
    Workers = "WORKERS";
}

/// What a function was configured with. The environment is read here and nowhere else.
#[derive(Debug, Clone, Default)]
pub struct Config {
    values: HashMap<&'static str, String>,
}

impl Config {
    /// Reads the environment once.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_env() -> Self {
        let present = |v: &Variable| Some((v.name(), std::env::var(v.name()).ok()?));
        Self {
            values: Variable::ALL.iter().filter_map(present).collect(),
        }
    }

    /// A configuration for tests.
    pub fn of(values: &[(Variable, &str)]) -> Self {
        let values = values
            .iter()
            .map(|(v, text)| (v.name(), (*text).to_owned()))
            .collect();
        Self { values }
    }

    /// The value of a variable, which is never empty.
    pub fn get(&self, variable: Variable) -> Result<&str, MissingVariable> {
        self.values
            .get(variable.name())
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .ok_or(MissingVariable(variable))
    }

    /// A length of time in whole seconds.
    pub fn seconds(&self, variable: Variable) -> Result<Duration, MissingVariable> {
        self.number(variable).map(Duration::from_secs)
    }

    /// A whole number.
    pub fn number(&self, variable: Variable) -> Result<u64, MissingVariable> {
        let text = self.get(variable)?;
        text.parse().map_err(|_| MissingVariable(variable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_empty_variable_is_named() {
        let config = Config::of(&[
            (Variable::TableName, ""),
            (Variable::RetryBaseSeconds, "soon"),
        ]);
        let error = config.get(Variable::TableName).unwrap_err().to_string();
        assert!(error.contains("TABLE_NAME"), "{error}");
        assert!(config.seconds(Variable::RetryBaseSeconds).is_err());
    }
}
