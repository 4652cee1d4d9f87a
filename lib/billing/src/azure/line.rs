use super::columns::AzureColumn;
use crate::source::Line;

/// One row of a cost and usage details file.
pub(super) type AzureLine<'l> = Line<'l, AzureColumn>;
