//! Checks the tree of a template, and puts right what crate gotmpl does otherwise than Go: how floats are written,
//! what a label is that is not there, the methods of times, and a template that is called with nothing. These become
//! calls of functions of ours. Variables and functions that do not exist are refused here already, as Go does, so that
//! nobody saves a text that can never be filled in.

use gotmpl::parse::{ActionNode, BranchNode, CommandNode, Expr, ListNode, Node, PipeNode, Pos, SmolStr};

use crate::function::{FIELD, METHOD, NOTHING, SHOW, STEP, may_call};
use crate::language::Language;

/// Makes a template's tree ready to be filled in.
///
/// # Errors
/// Names what it may not contain.
pub(crate) fn prepare(language: &dyn Language, tree: &mut ListNode) -> Result<(), String> {
    Scope::new(language).list(tree)
}

/// Lets a template within a template count how often it is carried out.
pub(crate) fn count(tree: &mut ListNode) {
    let pipe = call(tree.pos, vec![identifier(tree.pos, STEP)]);
    tree.nodes.insert(0, Node::Action(ActionNode { pos: tree.pos, pipe }));
}

/// What is known where we are.
struct Scope<'l> {
    language: &'l dyn Language,
    variables: Vec<SmolStr>,
    /// Whether this is within a `{{range}}`, which can be broken off.
    in_range: bool,
}

impl<'l> Scope<'l> {
    fn new(language: &'l dyn Language) -> Self {
        Self { language, variables: vec![SmolStr::new("$")], in_range: false }
    }

    fn list(&mut self, list: &mut ListNode) -> Result<(), String> {
        list.nodes.iter_mut().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &mut Node) -> Result<(), String> {
        match node {
            Node::Text(_) => Ok(()),
            Node::Break(_) => self.within_range("break"),
            Node::Continue(_) => self.within_range("continue"),
            Node::List(inner) => self.list(inner),
            Node::If(branch) | Node::With(branch) => self.branch(branch, self.in_range),
            Node::Range(branch) => self.branch(branch, true),
            Node::Define(define) => Self::new(self.language).list(&mut define.body),
            Node::Template(template) => match &mut template.pipe {
                Some(pipe) => self.pipe(pipe),
                none => {
                    *none = Some(call(template.pos, vec![identifier(template.pos, NOTHING)]));
                    Ok(())
                }
            },
            Node::Action(action) => {
                self.pipe(&mut action.pipe)?;
                if action.pipe.decl.is_empty() {
                    let args = vec![identifier(action.pos, SHOW)];
                    action.pipe.commands.push(CommandNode { pos: action.pos, args });
                }
                Ok(())
            }
        }
    }

    /// `in_range` says whether the body, other than what stands behind `{{else}}`, is within a `{{range}}`.
    fn branch(&mut self, branch: &mut BranchNode, in_range: bool) -> Result<(), String> {
        let outside = self.variables.len();
        self.pipe(&mut branch.pipe)?;
        let inside = self.variables.len();
        let around = std::mem::replace(&mut self.in_range, in_range);
        self.list(&mut branch.body)?;
        self.in_range = around;
        self.variables.truncate(inside);
        if let Some(otherwise) = &mut branch.else_body {
            self.list(otherwise)?;
        }
        self.variables.truncate(outside);
        Ok(())
    }

    fn within_range(&self, word: &str) -> Result<(), String> {
        if self.in_range { Ok(()) } else { Err(format!("{{{{{word}}}}} outside {{{{range}}}}")) }
    }

    fn pipe(&mut self, pipe: &mut PipeNode) -> Result<(), String> {
        for (index, command) in pipe.commands.iter_mut().enumerate() {
            if index > 0 || command.args.len() > 1 {
                Self::method(command);
            }
        }
        let mut expressions = pipe.commands.iter_mut().flat_map(|command| &mut command.args);
        expressions.try_for_each(|expr| self.expression(expr))?;
        if pipe.is_assign {
            return pipe.decl.iter().try_for_each(|name| self.variable(name));
        }
        self.variables.extend(pipe.decl.iter().cloned());
        Ok(())
    }

    /// `(toTime 1).Format "2006"`: what stands behind the last dot is called with the arguments.
    fn method(command: &mut CommandNode) {
        let Some(first) = command.args.first_mut() else { return };
        let (pos, last) = match first {
            Expr::Field(pos, names) | Expr::Variable(pos, _, names) | Expr::Chain(pos, _, names) => {
                (*pos, names.pop())
            }
            _ => return,
        };
        let Some(last) = last else { return };
        let value = match first {
            Expr::Field(_, names) if names.is_empty() => Expr::Dot(pos),
            Expr::Chain(_, inner, names) if names.is_empty() => (**inner).clone(),
            other => other.clone(),
        };
        let begin = [identifier(pos, METHOD), value, Expr::String(pos, last.as_str().into())];
        command.args.splice(..1, begin);
    }

    fn expression(&mut self, expr: &mut Expr) -> Result<(), String> {
        match expr {
            // Names of ours are none that a person could type.
            Expr::Identifier(_, name) if name == METHOD => {}
            Expr::Identifier(_, name) => may_call(self.language, name)?,
            Expr::Pipe(_, inner) => self.pipe(inner)?,
            Expr::Field(pos, names) => *expr = field(*pos, Expr::Dot(*pos), names),
            Expr::Variable(pos, name, names) => {
                self.variable(name)?;
                if !names.is_empty() {
                    *expr = field(*pos, Expr::Variable(*pos, name.clone(), Vec::new()), names);
                }
            }
            Expr::Chain(pos, inner, names) => {
                self.expression(inner)?;
                *expr = field(*pos, (**inner).clone(), names);
            }
            Expr::Dot(_) | Expr::String(..) | Expr::Number(..) | Expr::Bool(..) | Expr::Nil(_) => {}
        }
        Ok(())
    }

    fn variable(&self, name: &SmolStr) -> Result<(), String> {
        if self.variables.contains(name) { Ok(()) } else { Err(format!("undefined variable {name:?}")) }
    }
}

/// `(field value "name" …)`
fn field(pos: Pos, value: Expr, names: &[SmolStr]) -> Expr {
    let mut args = vec![identifier(pos, FIELD), value];
    args.extend(names.iter().map(|name| Expr::String(pos, name.as_str().into())));
    Expr::Pipe(pos, call(pos, args))
}

fn call(pos: Pos, args: Vec<Expr>) -> PipeNode {
    PipeNode { pos, decl: Vec::new(), commands: vec![CommandNode { pos, args }], is_assign: false }
}

fn identifier(pos: Pos, name: &str) -> Expr {
    Expr::Identifier(pos, SmolStr::new(name))
}
