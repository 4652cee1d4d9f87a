use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{Dimension, QueryError, json, text};

/// Which rows count. One expression, with a JSON form (this one) and a text form (see `CostQuery`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Filter {
    /// All of them hold.
    #[schema(title = "FilterAnd")]
    And {
        /// At least two filters.
        #[schema(no_recursion, min_items = 2)]
        and: Vec<Filter>,
    },
    /// At least one of them holds.
    #[schema(title = "FilterOr")]
    Or {
        /// At least two filters.
        #[schema(no_recursion, min_items = 2)]
        or: Vec<Filter>,
    },
    /// It does not hold.
    #[schema(title = "FilterNot")]
    Not {
        /// The filter to negate.
        #[schema(no_recursion)]
        not: Box<Filter>,
    },
    /// One dimension passes a test.
    #[schema(title = "FilterTest")]
    Test(Test),
}

/// A test of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Test {
    /// What is tested.
    #[schema(value_type = String, example = "ServiceName")]
    pub dimension: Dimension,
    /// How.
    pub operator: Operator,
    /// Against which values, any of them; none for isNull and isNotNull.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub values: Vec<String>,
}

/// How a dimension is tested. Values are compared exactly, case and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    /// Equals any of the values.
    In,
    /// Equals none of the values; null passes.
    NotIn,
    /// Contains any of the values.
    Contains,
    /// Contains none of the values; null passes.
    NotContains,
    /// Starts with any of the values.
    StartsWith,
    /// Ends with any of the values.
    EndsWith,
    /// Is null.
    IsNull,
    /// Is not null.
    IsNotNull,
}

/// Levels of and, or, not and tests.
const MAX_DEPTH: usize = 32;
/// Bytes of the text form: it must fit a URL.
const MAX_TEXT: usize = 8 * 1024;
/// Values in all tests together.
const MAX_VALUES: usize = 1000;

impl Filter {
    /// Reads the JSON form; the error's pointer begins with `pointer`.
    pub fn from_json(value: &serde_json::Value, pointer: &str) -> Result<Self, QueryError> {
        json::filter(value, pointer, MAX_DEPTH)?.within_limits(pointer)
    }

    /// Reads the text form; the error's pointer is `pointer`, its detail names the character.
    pub fn from_text(text: &str, pointer: &str) -> Result<Self, QueryError> {
        if text.len() > MAX_TEXT {
            return Err(QueryError::invalid(
                pointer,
                "the filter is longer than 8 KB",
            ));
        }
        text::parse(text, MAX_DEPTH)
            .map_err(|detail| QueryError::invalid(pointer, detail))?
            .within_limits(pointer)
    }

    /// Every dimension that is tested, in the order of the text form.
    pub fn dimensions(&self) -> Vec<&Dimension> {
        self.tests()
            .into_iter()
            .map(|test| &test.dimension)
            .collect()
    }

    /// Every test, in the order of the text form.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::And { and: parts } | Self::Or { or: parts } => {
                parts.iter().flat_map(Self::tests).collect()
            }
            Self::Not { not } => not.tests(),
            Self::Test(test) => vec![test],
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::And { and: parts } | Self::Or { or: parts } => {
                1 + parts.iter().map(Self::depth).max().unwrap_or(0)
            }
            Self::Not { not } => 1 + not.depth(),
            Self::Test(_) => 1,
        }
    }

    fn within_limits(self, pointer: &str) -> Result<Self, QueryError> {
        let values: usize = self.tests().iter().map(|test| test.values.len()).sum();
        let problem = if self.depth() > MAX_DEPTH {
            "the filter is nested more than 32 levels deep"
        } else if values > MAX_VALUES {
            "the filter has more than 1,000 values"
        } else if self.to_string().len() > MAX_TEXT {
            "the filter is longer than 8 KB"
        } else {
            return Ok(self);
        };
        Err(QueryError::invalid(pointer, problem))
    }
}

impl Test {
    /// Whether a value, or null, passes.
    pub fn passes(&self, value: Option<&str>) -> bool {
        let any = |holds: fn(&str, &str) -> bool| {
            value.is_some_and(|value| self.values.iter().any(|v| holds(value, v)))
        };
        match self.operator {
            Operator::In => any(|value, v| value == v),
            Operator::NotIn => !any(|value, v| value == v),
            Operator::Contains => any(|value, v| value.contains(v)),
            Operator::NotContains => !any(|value, v| value.contains(v)),
            Operator::StartsWith => any(|value, v| value.starts_with(v)),
            Operator::EndsWith => any(|value, v| value.ends_with(v)),
            Operator::IsNull => value.is_none(),
            Operator::IsNotNull => value.is_some(),
        }
    }
}

/// The text form.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(self, f)
    }
}

impl FromStr for Filter {
    type Err = QueryError;
    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::from_text(text, "filter")
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::from_json(&value, "").map_err(serde::de::Error::custom)
    }
}
