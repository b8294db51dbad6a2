//! The command line. These comments are the help, so they speak to users; `messages/zh/help.ftl` says the same in
//! Chinese.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Check, convert and report sales follow-up workbooks (.xls, .xlsx), without a CRM.
///
/// Without a command: an overview of the files, that is what is wrong in them and what converts.
#[derive(Debug, Parser)]
#[command(
    name = "leadsheet",
    version,
    subcommand_precedence_over_arg = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Workbooks, folders or patterns to look over
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Options that every command takes.
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The team's policy, own terms and choice of rules (leadsheet.toml)
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,

    /// Another template definition; may be given more than once
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) template_file: Vec<PathBuf>,

    /// The day to judge by [default: today in China]
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub(crate) today: Option<NaiveDate>,

    /// Language of everything that is said
    #[arg(long, value_enum, default_value_t, global = true)]
    pub(crate) lang: Lang,

    /// When to use colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true)]
    pub(crate) color: Color,

    /// Say only what was asked for
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// Say more: rows passed over, files read
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,

    /// No progress bar
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// Language of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// The language of the system
    #[default]
    Auto,
    /// Chinese
    Zh,
    /// English
    En,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When a person is looking
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Clean(CleanArgs),
    Convert(ConvertArgs),
    Mask(MaskArgs),
    Report(ReportArgs),
    Due(DueArgs),
    Merge(MergeArgs),
    Sql(SqlArgs),
    Ingest(IngestArgs),
    Inspect(InspectArgs),
    Template(TemplateArgs),
    Explain(ExplainArgs),
}

/// Find what is wrong, missing, late, doubled or contradictory
///
/// Exit status: 0 no errors found, 1 errors found, 2 a file could not be read.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet check 客户跟进.xlsx\n  leadsheet check 2025/ --format json > findings.json\n  leadsheet check 客户跟进.xlsx --select C,R2 --ignore C701\n  leadsheet check 客户跟进.xlsx --annotate 已检查.xlsx"
)]
pub(crate) struct CheckArgs {
    /// Workbooks, folders or patterns; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// How to print the findings
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,

    /// Only these rules: codes, beginnings of codes or names, separated by commas
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// Write the workbook with every finding coloured, noted and listed; of several, into this folder (.xlsx, .xlsm, .xls)
    #[arg(long, value_name = "OUT")]
    pub(crate) annotate: Option<PathBuf>,

    /// Write the workbook with what can be put right without asking put right (white space, dates and numbers as text)
    #[arg(long, value_name = "OUT")]
    pub(crate) fix: Option<PathBuf>,

    /// Allow OUT to be FILE, or mark FILE itself where there is no OUT; the old file is kept as NAME.bak
    #[arg(long)]
    pub(crate) in_place: bool,
}

/// Take out what `check --annotate` put in: colours, notes, the sheet of findings
///
/// A workbook that nobody has saved since comes out as it was, byte for byte in every part. What was changed in it since
/// stays.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet clean 已检查.xlsx 客户跟进.xlsx\n  leadsheet clean 客户跟进.xlsx --in-place"
)]
pub(crate) struct CleanArgs {
    /// The marked workbook
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,

    /// The file to write
    #[arg(value_name = "OUT", required_unless_present = "in_place")]
    pub(crate) output: Option<PathBuf>,

    /// Write IN itself; the old file is kept as NAME.bak
    #[arg(long)]
    pub(crate) in_place: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
    /// One line a finding, for spreadsheets
    Csv,
    /// SARIF 2.1.0, for programs that show findings of any checker
    Sarif,
}

/// Convert between formats and templates, losing nothing
///
/// The ending of OUT says what to write: .xlsx, .xls, .ods, .csv, .json, .jsonl or .parquet. Columns that no template knows are kept. An import
/// form of a CRM (--to) is written even where the CRM will refuse some leads; they are listed, and the exit status is 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet convert 客户跟进.xls 客户跟进.xlsx\n  leadsheet convert 客户跟进.xlsx 线索.csv --sheet 线索跟进\n  leadsheet convert 统计表.xls 台账.xlsx --template lead-ledger\n  leadsheet convert 客户跟进.xlsx leads.csv --to salesforce"
)]
pub(crate) struct ConvertArgs {
    /// The workbook to read; `-` is standard input
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,

    /// The file to write
    #[arg(value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// Bring every table into the columns of this template
    #[arg(long, value_name = "NAME")]
    pub(crate) template: Option<String>,

    /// Write the import form of a CRM, a row for each lead: salesforce, zoho, zoho-zh, hubspot, wukong, fxiaoke, or a form of
    /// your own (FORM.toml)
    #[arg(long, value_name = "CRM", conflicts_with = "template")]
    pub(crate) to: Option<String>,

    /// Only this sheet
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,

    /// How to print what became of columns and terms
    #[arg(long, value_enum, default_value_t, conflicts_with = "to")]
    pub(crate) format: ConvertFormat,

    /// Allow OUT to be IN; the old file is kept as NAME.bak
    #[arg(long)]
    pub(crate) in_place: bool,
}

/// Hide names, phone numbers and whatever else identifies people, so that a workbook can be shared
///
/// Names become 张*, phones 138****5678; e-mail, WeChat ids, identity and bank numbers and house numbers are hidden too: in
/// their columns and in every other text of the file, notes and properties included. All else stays. The same person is
/// masked alike within a file, and nothing can be turned back. Where OUT ends as IN does, it is the same workbook with
/// nothing but that changed; otherwise its tables are written anew, as .xlsx, .xls, .csv or .json.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet mask 客户跟进.xlsx 可分享.xlsx\n  leadsheet mask 客户跟进.xls 可分享.xls --staff --companies\n  leadsheet mask 客户跟进.xlsx 线索.csv --number\n  leadsheet mask 客户跟进.xlsx 可分享.xlsx --format json"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct MaskArgs {
    /// The workbook to read; `-` is standard input
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,

    /// The file to write
    #[arg(value_name = "OUT", required_unless_present = "in_place")]
    pub(crate) output: Option<PathBuf>,

    /// Hide the team's own people too (负责人, 业务员)
    #[arg(long)]
    pub(crate) staff: bool,

    /// Hide the names of firms too
    #[arg(long)]
    pub(crate) companies: bool,

    /// Tell people who would look alike apart by a number in the order in which they come: 张*1, 张*2
    #[arg(long)]
    pub(crate) number: bool,

    /// Write IN itself; the unmasked file is kept as NAME.bak, which is not to be shared
    #[arg(long)]
    pub(crate) in_place: bool,

    /// How to print what was hidden: counts, never the values
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: MaskFormat,
}

/// How the counts are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MaskFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
}

/// How a conversion tells what it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertFormat {
    /// For people, on standard error
    #[default]
    Text,
    /// One object on standard output, for programs
    Json,
}

/// Conversion by source, grade and stage, or by anything else
///
/// A lead is counted once, however many follow-ups it has. Every rate comes with its counts and a 95 % interval.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet report 客户跟进.xlsx\n  leadsheet report 2025/ --by owner,source*grade\n  leadsheet report 客户跟进.xlsx --from 2025-01-01 --to 2025-03-31 --period-by closed\n  leadsheet report 客户跟进.xlsx --within 90 --format json\n  leadsheet report 客户跟进.xlsx --show speed,overdue\n  leadsheet report 客户跟进.xlsx --from 2025-03-01 --to 2025-03-31 --compare previous\n  leadsheet report 客户跟进.xlsx --out 转化.html"
)]
pub(crate) struct ReportArgs {
    /// Workbooks, folders or patterns; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// What to count by: field keys, month, quarter, week, file, folder, sheet, template; `*` crosses two
    #[arg(
        long,
        value_name = "KEYS",
        value_delimiter = ',',
        default_value = "source,grade,stage"
    )]
    pub(crate) by: Vec<String>,

    /// First day of the period
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<NaiveDate>,

    /// Last day of the period
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) to: Option<NaiveDate>,

    /// Which date decides whether a lead belongs to the period
    #[arg(long, value_enum, default_value_t, value_name = "BASIS")]
    pub(crate) period_by: PeriodBy,

    /// Count a lead as won only when closed within so many days; younger leads are left out
    #[arg(long, value_name = "DAYS")]
    pub(crate) within: Option<u32>,

    /// Which follow-up's grade counts
    #[arg(long, value_enum, default_value_t, value_name = "ROW")]
    pub(crate) grade_at: GradeAtArg,

    /// What to show beside conversion and funnel: speed, activity, overdue, sales, quality, cohorts, credit, all or
    /// none [default: none on the terminal, all in JSON, .html and .xlsx]
    #[arg(long, value_name = "TOPICS", value_delimiter = ',')]
    pub(crate) show: Option<Vec<String>>,

    /// Compare with the period before (`previous`) or with another one (2024-01-01..2024-03-31); needs --from and --to
    #[arg(long, value_name = "PERIOD")]
    pub(crate) compare: Option<String>,

    /// The periods that activity and sales are counted in
    #[arg(long, value_enum, default_value_t, value_name = "PERIOD")]
    pub(crate) per: Per,

    /// What activity and sales are counted by: field keys
    #[arg(
        long,
        value_name = "KEYS",
        value_delimiter = ',',
        default_value = "owner,source,region,industry"
    )]
    pub(crate) activity_by: Vec<String>,

    /// How to print the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,

    /// Write to a file instead; its ending says the format: .xlsx, .html, .json or .csv
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Which date decides the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodBy {
    /// The day the lead came
    #[default]
    Created,
    /// Any follow-up
    FollowedUp,
    /// The day it was won or lost
    Closed,
}

/// The periods that activity and sales are counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Per {
    /// Days
    Day,
    /// ISO weeks
    Week,
    /// Months
    #[default]
    Month,
    /// Quarters
    Quarter,
    /// Years
    Year,
}

/// Which follow-up's grade counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradeAtArg {
    /// The first: a grade raised because the deal was won explains nothing
    #[default]
    First,
    /// The latest
    Latest,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
    /// One line a group, for spreadsheets
    Csv,
}

/// Whom to call today, the longest overdue first
///
/// From the day planned (计划跟进日期, 完成时限, a date in the next step), else from the pace of the policy. Exit status: 1 with
/// --exit-code when somebody is to be called.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet due 客户跟进.xlsx\n  leadsheet due 2025/ --owner 李雷 --ahead 7\n  leadsheet due 客户跟进.xlsx --ahead 14 --out 跟进.ics"
)]
pub(crate) struct DueArgs {
    /// Workbooks, folders or patterns; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// Only the leads of this person
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,

    /// Also what is due so many days later
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub(crate) ahead: u32,

    /// Say telephone numbers too
    #[arg(long)]
    pub(crate) contacts: bool,

    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DueFormat,

    /// Write to a file instead; its ending says the format: .ics (a calendar) or .xlsx
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// End with status 1 when somebody is to be called
    #[arg(long)]
    pub(crate) exit_code: bool,
}

/// How the list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DueFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
}

/// Put many people's workbooks together into one
///
/// Every row and every column is kept; a row that several files have is taken once. Columns at the end say which file, sheet
/// and row each row comes from. What the files say differently about a lead is listed on a sheet of its own: both values,
/// where they stand, which one stands and why. Exit status: 0 merged, 1 merged with conflicts, 2 a file could not be read
/// (the others are merged).
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet merge 李雷.xlsx 韩梅.xls --out 总表.xlsx\n  leadsheet merge 2025/ --out 总表.xlsx --template lead-ledger\n  leadsheet merge 总表.xlsx 七月/*.xlsx --out 总表.xlsx --in-place\n  leadsheet merge 2025/ --out all.csv --format json > merge.json"
)]
pub(crate) struct MergeArgs {
    /// Workbooks, folders or patterns; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The file to write; its ending says the format: .xlsx, .xls, .ods, .csv, .json, .jsonl or .parquet
    #[arg(long, value_name = "OUT", required = true)]
    pub(crate) out: PathBuf,

    /// Bring every table into the columns of this template [default: a sheet for each template there is]
    #[arg(long, value_name = "NAME")]
    pub(crate) template: Option<String>,

    /// The order of the rows
    #[arg(long, value_enum, default_value_t)]
    pub(crate) order: MergeOrder,

    /// No columns that say where each row comes from
    #[arg(long)]
    pub(crate) no_provenance: bool,

    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: MergeFormat,

    /// Allow OUT to be one of the FILEs; the old file is kept as NAME.bak
    #[arg(long)]
    pub(crate) in_place: bool,
}

/// The order of a merged table's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MergeOrder {
    /// Lead by lead in the order in which they came, the follow-ups of each by date
    #[default]
    Lead,
    /// File by file in the order of their names, rows as they stand there
    File,
}

/// How the summary of a merge is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MergeFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
}

/// Ask the tables in SQL
///
/// follow_ups has a row for each row, leads for each lead, orders for each order, findings for each finding; --columns
/// lists their columns. A lead and its facts are those of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet sql \"SELECT source, COUNT(*) AS n FROM leads GROUP BY source ORDER BY n DESC\" 客户跟进.xlsx\n  leadsheet sql \"SELECT owner AS 负责人, AVG(days_to_close) AS 天数 FROM leads WHERE outcome = 'won' GROUP BY owner\" 2025/\n  leadsheet sql \"SELECT file, code, COUNT(*) AS n FROM findings GROUP BY file, code\" 2025/ --format csv\n  leadsheet sql --columns"
)]
pub(crate) struct SqlArgs {
    /// The question
    #[arg(value_name = "QUERY", required_unless_present = "columns")]
    pub(crate) query: Option<String>,

    /// Workbooks, folders or patterns; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "columns")]
    pub(crate) files: Vec<PathBuf>,

    /// List the tables and their columns
    #[arg(long)]
    pub(crate) columns: bool,

    /// Allow telephone numbers, e-mail addresses and the like to be asked for
    #[arg(long)]
    pub(crate) contacts: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
}

/// Read many workbooks once, into a folder of parquet tables
///
/// Every command reads the folder as it reads the workbooks, only sooner, and DuckDB and pandas read it too. Run again, it
/// reads what is new or changed. Workbooks that are no longer there keep their tables until --prune.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet ingest 2025/ --out 台账库\n  leadsheet report 台账库 --by owner\n  leadsheet sql \"SELECT COUNT(*) AS n FROM leads\" 台账库"
)]
pub(crate) struct IngestArgs {
    /// Workbooks, folders or patterns
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The folder to write; it is made where it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Take out the tables of workbooks that are no longer there
    #[arg(long)]
    pub(crate) prune: bool,
}

/// Show what a file holds, before any template
///
/// It is how you see what leadsheet sees: sheets, the template each fits, and with --cells every cell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet inspect 客户跟进.xls\n  leadsheet inspect 客户跟进.xls --cells --format json"
)]
pub(crate) struct InspectArgs {
    /// The workbook; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// List every filled cell
    #[arg(long)]
    pub(crate) cells: bool,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: InspectFormat,
}

/// How an inspection is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people
    #[default]
    Text,
    /// One object, for programs
    Json,
}

/// List the templates, show one, or make a blank workbook of one
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet template list\n  leadsheet template show lead-ledger\n  leadsheet template new lead-ledger 线索跟进.xlsx --samples"
)]
pub(crate) struct TemplateArgs {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: TemplateCommand,
}

/// What can be done with templates.
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// List the templates
    List,
    /// Show a template's columns and what else they may be called
    Show {
        /// Its name
        name: String,
    },
    /// Print the JSON Schema of template definitions, for editors
    Schema {
        /// That of the import forms behind `convert --to FORM.toml` instead
        #[arg(long)]
        crm: bool,
    },
    New(NewArgs),
}

/// Make a blank workbook that is ready to hand out
///
/// With drop-downs, formats for dates and money, colours by stage, a print set-up, and a sheet that says how it is filled
/// in, in the language of --lang.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  leadsheet template new lead-ledger 线索跟进.xlsx\n  leadsheet template new follow-up-statistics statistics.xlsx --lang en --samples"
)]
pub(crate) struct NewArgs {
    /// The template's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// The file to write, ending in .xlsx
    #[arg(value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// With a few invented rows
    #[arg(long)]
    pub(crate) samples: bool,

    /// In Traditional Chinese characters
    #[arg(long)]
    pub(crate) traditional: bool,

    /// Allow OUT to be there already; the old file is kept as NAME.bak
    #[arg(long)]
    pub(crate) replace: bool,
}

/// Explain a rule: what it finds, why it matters, what to do
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  leadsheet explain C203\n  leadsheet explain --all")]
pub(crate) struct ExplainArgs {
    /// A code such as C203, or a name such as impossible-date
    #[arg(value_name = "CODE", required_unless_present = "all")]
    pub(crate) code: Option<String>,

    /// Every rule
    #[arg(long, conflicts_with = "code")]
    pub(crate) all: bool,
}
