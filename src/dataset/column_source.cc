// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/column_source.h"

#include <utility>
#include <vector>

#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/dataset/arrow_result.h"

#include "delta_arrow.h"
#include "delta_schema.h"
#include "parquet_bytes.h"

namespace tidemill::dataset {
namespace {

using base::Result;
using Chunks = std::shared_ptr<arrow::ChunkedArray>;
using Source = std::unique_ptr<const ColumnSource>;

class TableColumns : public ColumnSource {
 public:
  explicit TableColumns(const arrow::Table& table) : table_(table) {}
  const arrow::Schema& schema() const override { return *table_.schema(); }
  std::int64_t rows() const override { return table_.num_rows(); }
  Result<Chunks> Read(int column) const override {
    Chunks values = table_.column(column);
    TIDEMILL_CHECK(FromArrow(values->Validate(), "read a column"));
    return values;
  }

 private:
  const arrow::Table& table_;
};

class OwnedColumns : public ColumnSource {
 public:
  explicit OwnedColumns(std::shared_ptr<arrow::Table> table) : table_(std::move(table)), columns_(*table_) {}
  const arrow::Schema& schema() const override { return columns_.schema(); }
  std::int64_t rows() const override { return columns_.rows(); }
  Result<Chunks> Read(int column) const override { return columns_.Read(column); }

 private:
  std::shared_ptr<arrow::Table> table_;
  TableColumns columns_;
};

// Columns of a file under the fields of a Delta log.
class NamedColumns : public ColumnSource {
 public:
  NamedColumns(Source file, std::shared_ptr<arrow::Schema> schema, std::vector<int> places)
      : file_(std::move(file)), schema_(std::move(schema)), places_(std::move(places)) {}
  const arrow::Schema& schema() const override { return *schema_; }
  std::int64_t rows() const override { return file_->rows(); }
  Result<Chunks> Read(int column) const override { return file_->Read(places_[static_cast<std::size_t>(column)]); }

 private:
  Source file_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<int> places_;
};

// Null where a field is not in the file, so that it takes more than reading it.
Result<Source> ColumnsOfFile(const base::FileStore& store, const std::string& path,
                             const std::vector<DeltaField>& fields) {
  TIDEMILL_ASSIGN(std::string bytes, store.Read(path));
  auto file = ColumnsOfParquet(std::move(bytes));
  if (!file) {
    file.error().place = path;
    return tl::unexpected(std::move(file).error());
  }
  arrow::FieldVector named;
  std::vector<int> places;
  for (const DeltaField& field : fields) {
    const int place = (*file)->schema().GetFieldIndex(field.name);
    if (place < 0) return nullptr;
    places.push_back(place);
    named.push_back(ToArrowField(field, (*file)->schema().field(place)->type()));
  }
  return std::make_unique<NamedColumns>(*std::move(file), arrow::schema(std::move(named)), std::move(places));
}

}  // namespace

Source ColumnsOfTable(const arrow::Table& table) {
  return std::make_unique<TableColumns>(table);
}

Result<Source> ColumnsOfVersion(const base::FileStore& store, std::string_view table, const Version& version) {
  if (version.files.size() == 1 && version.partition_columns.empty()) {
    TIDEMILL_ASSIGN(const auto fields,
                    ParseSchemaString(version.schema, fmt::format("{}, version {}", table, version.number)));
    TIDEMILL_ASSIGN(auto file, ColumnsOfFile(store, fmt::format("{}/{}", table, version.files.front().path), fields));
    if (file) return file;
  }
  TIDEMILL_ASSIGN(auto rows, ReadRows(store, table, version));
  return std::make_unique<OwnedColumns>(std::move(rows));
}

}  // namespace tidemill::dataset
