//! From the parser's tree to ours: checked types, resolved functions, matchers of Larum's own, numbered selectors.

use std::time::{Duration, UNIX_EPOCH};

use larum_core::duration::show_duration;
use larum_core::label::METRIC_NAME;
use larum_core::matcher::{MatchOp, Matcher};
use larum_re2::{Expression, Replacement};
use promql_parser::label::MatchOp as ForeignOp;
use promql_parser::parser::{self as foreign, token};

use super::Foreign;
use super::formula::Formulas;
use super::modifier;
use super::operator::{self, Parameter};
use super::print;
use super::scan::{MAX_DEPTH, foreign_byte};
use super::written::Calls;
use crate::error::ParseError;
use crate::expr::{
    Aggregate, Anchor, Binary, Call, Edges, Expr, Group, Kind, Operator, Range, RangeOf, Reduce, Relabel,
    RelabelBy, Select, Shift,
};
use crate::formula::{Course, MAX_MILLIS};
use crate::function::{self, Function, Work};
use crate::query::Selector;
use crate::resolve::{self, Open, Part};

/// A checked expression with its selectors, the index of each being its `id`.
pub(crate) struct Lowered {
    pub expr: Expr,
    /// How many places hold data: selectors and subqueries.
    pub places: usize,
    pub selectors: Vec<Selector>,
    /// The durations that are known only with the query around the expression.
    pub open: Vec<Open>,
}

/// Checks and translates the parser's tree.
pub(super) fn lower(Foreign { text, tree, formulas }: &Foreign<'_>) -> Result<Lowered, ParseError> {
    let mut lowering = Lowering {
        formulas,
        calls: Calls::new(text),
        places: 0,
        depth: 0,
        optional: 0,
        selectors: Vec::new(),
        open: Vec::new(),
    };
    let expr = lowering.expr(tree)?;
    if let Expr::Text(text) = &expr {
        check_text(text)?;
    }
    let Lowering { places, selectors, open, .. } = lowering;
    Ok(Lowered { expr, places, selectors, open })
}

struct Lowering<'a> {
    formulas: &'a Formulas,
    calls: Calls<'a>,
    places: usize,
    depth: usize,
    /// How many of the surrounding expressions make it normal that a selector finds nothing.
    optional: usize,
    selectors: Vec<Selector>,
    open: Vec<Open>,
}

fn syntax<T>(message: impl Into<String>) -> Result<T, ParseError> {
    Err(ParseError::Syntax(message.into()))
}

impl Lowering<'_> {
    fn expr(&mut self, tree: &foreign::Expr) -> Result<Expr, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::TooLarge { limit: MAX_DEPTH, unit: "levels of nesting" });
        }
        let expr = self.node(tree);
        self.depth -= 1;
        expr
    }

    fn node(&mut self, tree: &foreign::Expr) -> Result<Expr, ParseError> {
        match tree {
            foreign::Expr::NumberLiteral(number) => Ok(Expr::Number(number.val)),
            foreign::Expr::StringLiteral(text) => Ok(Expr::Text(text.val.clone())),
            foreign::Expr::Paren(paren) => self.expr(&paren.expr),
            foreign::Expr::Unary(unary) => self.negate(&unary.expr),
            foreign::Expr::VectorSelector(selector) => self.select(selector),
            foreign::Expr::MatrixSelector(range) => self.range(range),
            foreign::Expr::Subquery(subquery) => self.subquery(subquery),
            foreign::Expr::Call(call) => self.call(call),
            foreign::Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            foreign::Expr::Binary(binary) => self.binary(binary),
            foreign::Expr::Extension(_) => syntax("unknown expression"),
        }
    }

    fn of_kind(&mut self, tree: &foreign::Expr, kind: Kind, place: &str) -> Result<Expr, ParseError> {
        let expr = self.expr(tree)?;
        if expr.kind() == kind {
            return Ok(expr);
        }
        syntax(format!("expected type {} in {place}, got {}", kind.name(), expr.kind().name()))
    }

    fn negate(&mut self, tree: &foreign::Expr) -> Result<Expr, ParseError> {
        let inner = self.expr(tree)?;
        match inner.kind() {
            Kind::Scalar | Kind::Vector => Ok(Expr::Negate(Box::new(inner))),
            kind => syntax(format!(
                "unary expression only allowed on expressions of type scalar or instant vector, got {}",
                kind.name()
            )),
        }
    }

    /// Numbers a place that holds data.
    fn place(&mut self) -> usize {
        self.places += 1;
        self.places - 1
    }

    /// A duration of a place in milliseconds; of one that is known only later, nothing for now.
    fn duration(&mut self, place: usize, part: Part, span: Duration) -> Result<i64, ParseError> {
        let Some(formula) = self.formulas.of(span) else {
            return if part == Part::Offset { millis(span) } else { positive(span) };
        };
        if !formula.is_constant() {
            self.open.push(Open { place, part, formula: formula.clone() });
            return Ok(0);
        }
        let millis = match part {
            Part::Offset => formula.millis(Course::default()),
            Part::Window | Part::Step => formula.positive_millis(Course::default()),
        };
        millis.map_err(ParseError::Duration)
    }

    fn selector(
        &mut self,
        selector: &foreign::VectorSelector,
        window: Option<&str>,
    ) -> Result<Vec<Matcher>, ParseError> {
        let matchers = matchers(selector)?;
        self.selectors.push(Selector {
            text: text_of(&matchers, window),
            matchers: matchers.clone(),
            required: self.optional == 0,
            place: self.places - 1,
        });
        Ok(matchers)
    }

    fn select(&mut self, selector: &foreign::VectorSelector) -> Result<Expr, ParseError> {
        let id = self.place();
        let matchers = self.selector(selector, None)?;
        let shift = self.shift(id, selector.offset.as_ref(), selector.at.as_ref())?;
        Ok(Expr::Select(Select { id, matchers, shift, edges: modifier::edges(selector) }))
    }

    fn range(&mut self, range: &foreign::MatrixSelector) -> Result<Expr, ParseError> {
        let id = self.place();
        let window = self.duration(id, Part::Window, range.range)?;
        let shown = match self.formulas.of(range.range) {
            Some(formula) => print::formula(formula),
            None => show_duration(Duration::from_millis(window.unsigned_abs())),
        };
        let matchers = self.selector(&range.vs, Some(&shown))?;
        let shift = self.shift(id, range.vs.offset.as_ref(), range.vs.at.as_ref())?;
        let edges = modifier::edges(&range.vs);
        Ok(Expr::Range(Range { id, window, shift, edges, of: RangeOf::Samples(matchers) }))
    }

    fn subquery(&mut self, subquery: &foreign::SubqueryExpr) -> Result<Expr, ParseError> {
        let id = self.place();
        let inner = Box::new(self.of_kind(&subquery.expr, Kind::Vector, "subquery")?);
        let step = subquery.step.map(|step| self.duration(id, Part::Step, step)).transpose()?;
        let shift = self.shift(id, subquery.offset.as_ref(), subquery.at.as_ref())?;
        let window = self.duration(id, Part::Window, subquery.range)?;
        let step = step.and_then(resolve::step);
        Ok(Expr::Range(Range {
            id,
            window,
            shift,
            edges: Edges::Plain,
            of: RangeOf::Subquery { inner, step },
        }))
    }

    fn shift(
        &mut self,
        place: usize,
        offset: Option<&foreign::Offset>,
        at: Option<&foreign::AtModifier>,
    ) -> Result<Shift, ParseError> {
        let offset = match offset {
            None => 0,
            Some(foreign::Offset::Pos(span)) => self.duration(place, Part::Offset, *span)?,
            Some(foreign::Offset::Neg(span)) => -self.duration(place, Part::Offset, *span)?,
        };
        Ok(Shift { offset, anchor: at.map(anchor).transpose()? })
    }

    fn call(&mut self, call: &foreign::Call) -> Result<Expr, ParseError> {
        let function = function::find(call.func.name, call.func.experimental)?;
        let written = self.calls.next(function.name);
        let place = format!("call to function \"{}\"", function.name);
        let optional = matches!(function.work, Work::Absent | Work::AbsentOverTime);
        self.optional += usize::from(optional);
        let mut arguments = Vec::with_capacity(call.args.args.len());
        for (index, argument) in call.args.args.iter().enumerate() {
            let kind = function.kind_of(index);
            let Some(kind) = kind else { return syntax(format!("too many arguments in {place}")) };
            let argument = self.of_kind(argument, kind, &place)?;
            check_edges(function, &argument)?;
            arguments.push(argument);
        }
        self.optional -= usize::from(optional);
        if arguments.len() < function.required() {
            return syntax(format!("expected at least {} argument(s) in {place}", function.required()));
        }
        match function.work {
            Work::LabelReplace | Work::LabelJoin => relabel(function.name, &function.work, arguments),
            _ => Ok(Expr::Call(Call { function, arguments, written })),
        }
    }

    fn aggregate(&mut self, aggregate: &foreign::AggregateExpr) -> Result<Expr, ParseError> {
        let written = self.calls.next(&aggregate.op.to_string());
        let parameter = match (operator::parameter(aggregate.op)?, &aggregate.param) {
            (Parameter::None, _) => None,
            (Parameter::Number, Some(tree)) => {
                Some(self.of_kind(tree, Kind::Scalar, "aggregation expression")?)
            }
            (Parameter::Label, Some(tree)) => {
                Some(self.of_kind(tree, Kind::Text, "aggregation expression")?)
            }
            (_, None) => return syntax(format!("{} needs a parameter", aggregate.op)),
        };
        let inner = Box::new(self.of_kind(&aggregate.expr, Kind::Vector, "aggregation expression")?);
        let reduce = match (aggregate.op.id(), parameter) {
            (token::T_SUM, None) => Reduce::Sum,
            (token::T_AVG, None) => Reduce::Average,
            (token::T_MIN, None) => Reduce::Minimum,
            (token::T_MAX, None) => Reduce::Maximum,
            (token::T_COUNT, None) => Reduce::Count,
            (token::T_GROUP, None) => Reduce::Group,
            (token::T_STDDEV, None) => Reduce::Deviation,
            (token::T_STDVAR, None) => Reduce::Variance,
            (token::T_QUANTILE, Some(number)) => Reduce::Quantile(Box::new(number)),
            (token::T_TOPK, Some(number)) => Reduce::Largest(Box::new(number)),
            (token::T_BOTTOMK, Some(number)) => Reduce::Smallest(Box::new(number)),
            (token::T_COUNT_VALUES, Some(Expr::Text(label))) => {
                check_name(&label)
                    .map_err(|shown| ParseError::Argument(format!("invalid label name \"{shown}\"")))?;
                Reduce::CountValues(label)
            }
            _ => return syntax(format!("unknown aggregation {}", aggregate.op)),
        };
        Ok(Expr::Aggregate(Aggregate {
            reduce,
            grouping: operator::grouping(aggregate.modifier.as_ref()),
            inner,
            written,
        }))
    }

    fn binary(&mut self, binary: &foreign::BinaryExpr) -> Result<Expr, ParseError> {
        let operator = operator::operator(binary.op)?;
        let left_optional = usize::from(operator == Operator::Or);
        let right_optional = usize::from(matches!(operator, Operator::Or | Operator::Unless));
        self.optional += left_optional;
        let left = self.operand(&binary.lhs);
        self.optional -= left_optional;
        self.optional += right_optional;
        let right = self.operand(&binary.rhs);
        self.optional -= right_optional;
        let (left, right) = (Box::new(left?), Box::new(right?));
        let kind = match (left.kind(), right.kind()) {
            (Kind::Scalar, Kind::Scalar) => Kind::Scalar,
            _ => Kind::Vector,
        };
        let as_bool = binary.modifier.as_ref().is_some_and(|modifier| modifier.return_bool);
        let matching = operator::matching(binary.modifier.as_ref())?;
        let sets = matches!(operator, Operator::And | Operator::Or | Operator::Unless);
        if sets && (left.kind() != Kind::Vector || right.kind() != Kind::Vector) {
            return syntax("set operators are only allowed between instant vectors");
        }
        if matching.group != Group::Neither && (sets || left.kind() != right.kind() || kind == Kind::Scalar) {
            return syntax("grouping is only allowed for arithmetic and comparison between instant vectors");
        }
        Ok(Expr::Binary(Binary { operator, left, right, as_bool, matching, kind }))
    }

    fn operand(&mut self, tree: &foreign::Expr) -> Result<Expr, ParseError> {
        let operand = self.expr(tree)?;
        match operand.kind() {
            Kind::Scalar | Kind::Vector => Ok(operand),
            _ => syntax("binary expression must contain only scalar and instant vector types"),
        }
    }
}

/// `label_replace` and `label_join`, whose texts can be checked before any evaluation.
fn relabel(function: &str, work: &Work, arguments: Vec<Expr>) -> Result<Expr, ParseError> {
    let argument = |message: String| Err(ParseError::Argument(message));
    let mut arguments = arguments.into_iter();
    let Some(inner) = arguments.next() else { return syntax("label_replace and label_join need a vector") };
    let mut texts = arguments.filter_map(|argument| match argument {
        Expr::Text(text) => Some(text),
        _ => None,
    });
    let (target, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    let how = if matches!(work, Work::LabelReplace) {
        let (source, pattern) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        let Ok(regex) = Expression::whole(&pattern) else {
            return argument(format!("invalid regular expression in label_replace(): {pattern}"));
        };
        RelabelBy::Replace { source, regex, replacement: Replacement::new(&second), template: second }
    } else {
        let sources: Vec<String> = texts.collect();
        if let Some(Err(shown)) = sources.iter().map(|source| check_name(source)).find(Result::is_err) {
            return argument(format!("invalid source label name in {function}(): {shown}"));
        }
        RelabelBy::Join { sources, separator: second }
    };
    if let Err(shown) = check_name(&target) {
        return argument(format!("invalid destination label name in {function}(): {shown}"));
    }
    let (RelabelBy::Replace { template: added, .. } | RelabelBy::Join { separator: added, .. }) = &how;
    check_text(added)?;
    Ok(Expr::Relabel(Box::new(Relabel { inner, target, how })))
}

/// Whether a text is the name of a label: not empty, and UTF-8. If not, how to show it.
fn check_name(name: &str) -> Result<(), String> {
    if !name.is_empty() && name.chars().all(|c| foreign_byte(c).is_none()) {
        return Ok(());
    }
    let show = |c: char| foreign_byte(c).map_or_else(|| c.to_string(), |byte| format!("\\x{byte:02x}"));
    Err(name.chars().map(show).collect())
}

/// Refuses a text that would have to be shown and is not UTF-8.
fn check_text(text: &str) -> Result<(), ParseError> {
    if text.chars().all(|c| foreign_byte(c).is_none()) {
        return Ok(());
    }
    let what = "a text that is not UTF-8".to_owned();
    Err(ParseError::Unsupported { what, why: "label values are valid UTF-8" })
}

fn matchers(selector: &foreign::VectorSelector) -> Result<Vec<Matcher>, ParseError> {
    if !selector.matchers.or_matchers.is_empty() {
        return Err(ParseError::Unsupported {
            what: "`or` between matchers".to_owned(),
            why: "it is not part of PromQL",
        });
    }
    let mut result = Vec::with_capacity(selector.matchers.matchers.len() + 1);
    result.extend(modifier::name(selector).map(|name| Matcher::equal(METRIC_NAME, name)));
    for matcher in modifier::matchers(selector) {
        let op = match &matcher.op {
            ForeignOp::Equal => MatchOp::Equal,
            ForeignOp::NotEqual => MatchOp::NotEqual,
            ForeignOp::Re(_) => MatchOp::Regexp,
            ForeignOp::NotRe(_) => MatchOp::NotRegexp,
        };
        // The parser anchors with `^(?:…)$`; Prometheus 3 lets the dot match newlines, as Larum's matcher does.
        let matcher = Matcher::of_series(matcher.name.as_str(), op, matcher.value.as_str());
        result.push(matcher.map_err(|error| ParseError::Syntax(error.to_string()))?);
    }
    let mut names =
        result.iter().filter(|matcher| matcher.name() == METRIC_NAME && matcher.op() == MatchOp::Equal);
    if let (Some(first), Some(second)) = (names.next(), names.next()) {
        return syntax(format!(
            "metric name must not be set twice: {:?} or {:?}",
            first.value(),
            second.value()
        ));
    }
    if result.iter().all(|matcher| matcher.matches_value("")) {
        return syntax("vector selector must contain at least one non-empty matcher");
    }
    Ok(result)
}

/// Refuses a range with edges that the function does not know (Prometheus, `AnchoredSafeFunctions` and
/// `SmoothedSafeFunctions`).
fn check_edges(function: &Function, argument: &Expr) -> Result<(), ParseError> {
    let Expr::Range(Range { edges, .. }) = argument else { return Ok(()) };
    let (Some(word), known) = (edges.word(), Function::that_know(*edges)) else { return Ok(()) };
    if known.contains(&function.name) {
        return Ok(());
    }
    let (known, name) = (known.join(", "), function.name);
    Err(ParseError::Argument(format!("{word} modifier can only be used with: {known} - not with {name}")))
}

fn anchor(at: &foreign::AtModifier) -> Result<Anchor, ParseError> {
    Ok(match at {
        foreign::AtModifier::Start => Anchor::Start,
        foreign::AtModifier::End => Anchor::End,
        foreign::AtModifier::At(time) => Anchor::Millis(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => millis(after)?,
            Err(before) => -millis(before.duration())?,
        }),
    })
}

fn millis(span: Duration) -> Result<i64, ParseError> {
    match i64::try_from(span.as_millis()) {
        Ok(millis) if millis <= MAX_MILLIS => Ok(millis),
        _ => syntax("time out of range"),
    }
}

fn positive(span: Duration) -> Result<i64, ParseError> {
    match millis(span)? {
        0 => syntax("duration must be greater than 0"),
        millis => Ok(millis),
    }
}

/// The selector as a person would write it.
fn text_of(matchers: &[Matcher], window: Option<&str>) -> String {
    let name = |matcher: &&Matcher| matcher.name() == METRIC_NAME && matcher.op() == MatchOp::Equal;
    let mut text: String =
        matchers.iter().find(name).map(|matcher| matcher.value().to_owned()).unwrap_or_default();
    let others: Vec<String> = matchers.iter().filter(|m| !name(m)).map(ToString::to_string).collect();
    if !others.is_empty() {
        text = format!("{text}{{{}}}", others.join(","));
    }
    match window {
        Some(window) => format!("{text}[{window}]"),
        None => text,
    }
}
