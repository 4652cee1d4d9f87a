import type { components } from "./schema";

/** The API's own types, all from the generated document. */
type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Session = Schemas["Session"];
export type Upload = Schemas["Upload"];
export type UploadPage = Schemas["UploadPage"];
export type UploadCreated = Schemas["UploadCreated"];
export type Bill = Upload["bills"][number];
export type Totals = Bill["totals"][number];
export type Decision = Schemas["OnConflict"];
export type CostAnswer = Schemas["CostAnswer"];
export type CostBlock = CostAnswer["blocks"][number];
export type CostRow = CostBlock["rows"][number];
export type Dashboard = Schemas["Dashboard"];
export type DashboardBlock = Dashboard["blocks"][number];
export type Trends = Schemas["Trends"];
export type DimensionInfo = Schemas["DimensionInfo"];
export type DimensionValue = Schemas["DimensionValue"];
export type Ranked = Schemas["Ranked"];
export type CostQuery = Schemas["CostQuery"];
export type Metric = Schemas["Metric"];
export type Granularity = Schemas["Granularity"];
export type Filter = Schemas["Filter"];
export type Condition = Extract<Filter, { dimension: string }>;
export type FilterOperator = Condition["operator"];
