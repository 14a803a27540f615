//! Where variables are from one cell to the next: evcxr's module of this name, with its functions,
//! of which little depends on a variable's type. It is compiled once, and cells are linked to it.
#![allow(clippy::new_without_default, missing_docs)]

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// Printed for evcxr, before the name of a variable that was lost.
pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";

/// Printed for evcxr where `?` ended a cell.
pub const USER_ERROR_OCCURRED: &str = "EVCXR_ERROR_OCCURRED";

/// The variables by their names, each in an `Option`, which is empty while a cell has it.
pub struct VariableStore {
    variables: HashMap<String, Box<dyn Any>>,
}

pub fn create_variable_store() -> *mut VariableStore {
    Box::into_raw(Box::new(VariableStore::new()))
}

impl VariableStore {
    pub fn new() -> Self {
        Self {
            variables: HashMap::new(),
        }
    }

    pub fn put_variable<T: 'static>(&mut self, name: &str, value: T) {
        self.put(name, Box::new(Some(value)));
    }

    pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool {
        self.check(name, TypeId::of::<Option<T>>())
    }

    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        match self.get(name).downcast_mut().and_then(Option::take) {
            Some(value) => value,
            None => is_missing(name),
        }
    }

    pub fn lazy_arc<T: 'static, F: FnOnce() -> T>(&mut self, name: &str, create: F) -> Arc<T> {
        let new = || Box::new(Arc::new(create())) as Box<dyn Any>;
        let variable = self.variables.entry(name.to_owned()).or_insert_with(new);
        match variable.downcast_ref() {
            Some(value) => Arc::clone(value),
            None => panic!("Variable '{name}' changed type"),
        }
    }

    fn put(&mut self, name: &str, value: Box<dyn Any>) {
        self.variables.insert(name.to_owned(), value);
    }

    fn check(&self, name: &str, expected: TypeId) -> bool {
        let found = self.variables.get(name).map(|value| (**value).type_id());
        let is_lost = found.is_some_and(|found| found != expected);
        if is_lost {
            eprintln!("The type of the variable {name} was redefined, so was lost.");
            println!("{VARIABLE_CHANGED_TYPE}{name}");
        }
        !is_lost
    }

    fn get(&mut self, name: &str) -> &mut dyn Any {
        match self.variables.get_mut(name) {
            Some(value) => &mut **value,
            None => is_missing(name),
        }
    }
}

/// Shows a value by its own `evcxr_display` or, if it has none, as text by evcxr's function of this
/// name: the method of a type goes before one of a reference to it.
#[macro_export]
macro_rules! show {
    (($format:literal, &$value:expr)) => {{
        #[allow(dead_code, reason = "a value may have its own")]
        trait Text {
            fn evcxr_display(&self);
        }
        impl<T: ::std::fmt::Debug + ?Sized> Text for &T {
            fn evcxr_display(&self) {
                evcxr_send_text_plain(&::std::format!($format, self));
            }
        }
        (&$value).evcxr_display()
    }};
}

fn is_missing(name: &str) -> ! {
    panic!("Variable '{name}' has gone missing")
}
