// SPDX-License-Identifier: Apache-2.0
// Reads every sheet of a workbook cell by cell and prints counts and sums, so that values can be compared.
use calamine::{open_workbook, Data, DataRef, Reader, Xls, Xlsb, Xlsx, Ods};

#[derive(Default)]
struct Tally {
    numbers: u64,
    sum: f64,
    strings: u64,
    string_bytes: u64,
    others: u64,
}

impl Tally {
    fn number(&mut self, value: f64) {
        self.numbers += 1;
        self.sum += value;
    }
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.strings += 1;
            self.string_bytes += text.len() as u64;
        }
    }
    fn cell(&mut self, cell: &DataRef) {
        match cell {
            DataRef::Empty => {}
            DataRef::Int(value) => self.number(*value as f64),
            DataRef::Float(value) => self.number(*value),
            DataRef::DateTime(value) => self.number(value.as_f64()),
            DataRef::String(text) => self.text(text),
            DataRef::SharedString(text) => self.text(text),
            _ => self.others += 1,
        }
    }
    fn data(&mut self, cell: &Data) {
        match cell {
            Data::Empty => {}
            Data::Int(value) => self.number(*value as f64),
            Data::Float(value) => self.number(*value),
            Data::DateTime(value) => self.number(value.as_f64()),
            Data::String(text) => self.text(text),
            _ => self.others += 1,
        }
    }
}

// xls and ods have no stream of cells: their usual interface, a range.
fn ranges<R: Reader<std::io::BufReader<std::fs::File>>>(mut book: R, tally: &mut Tally)
where
    R::Error: std::fmt::Debug,
{
    for name in book.sheet_names().to_owned() {
        let range = book.worksheet_range(&name).expect("a sheet");
        for (_, _, cell) in range.used_cells() {
            tally.data(cell);
        }
    }
}

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let mut tally = Tally::default();
    if path.ends_with(".xlsx") {
        let mut book: Xlsx<_> = open_workbook(&path).expect("xlsx");
        for name in book.sheet_names().to_owned() {
            let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
            while let Some(cell) = cells.next_cell().expect("a cell") {
                tally.cell(cell.get_value());
            }
        }
    } else if path.ends_with(".xlsb") {
        let mut book: Xlsb<_> = open_workbook(&path).expect("xlsb");
        for name in book.sheet_names().to_owned() {
            let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
            while let Some(cell) = cells.next_cell().expect("a cell") {
                tally.cell(cell.get_value());
            }
        }
    } else if path.ends_with(".xls") {
        let book: Xls<_> = open_workbook(&path).expect("xls");
        ranges(book, &mut tally);
    } else {
        let book: Ods<_> = open_workbook(&path).expect("ods");
        ranges(book, &mut tally);
    }
    println!(
        "{{\"numbers\": {}, \"sum\": {:?}, \"strings\": {}, \"string_bytes\": {}, \"others\": {}}}",
        tally.numbers, tally.sum, tally.strings, tally.string_bytes, tally.others
    );
}
