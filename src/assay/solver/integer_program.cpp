// SPDX-License-Identifier: Apache-2.0
#include "assay/solver/integer_program.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>

namespace assay::solver {
namespace {

// CBC's C interface (coin/Cbc_C_Interface.h of CBC 2.10); a model is opaque.
struct Cbc {
  void* (*new_model)() = nullptr;
  void (*delete_model)(void*) = nullptr;
  void (*load)(void*, int, int, const int*, const int*, const double*, const double*, const double*,
               const double*, const double*, const double*) = nullptr;
  void (*set_integer)(void*, int) = nullptr;
  void (*set_log_level)(void*, int) = nullptr;
  void (*set_parameter)(void*, const char*, const char*) = nullptr;
  int (*solve)(void*) = nullptr;
  int (*proven_optimal)(void*) = nullptr;
  int (*proven_infeasible)(void*) = nullptr;
  const double* (*solution)(void*) = nullptr;
  double (*objective)(void*) = nullptr;
  double (*bound)(void*) = nullptr;
};

Result<Cbc> open(const std::string& library) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);  // stays for the program's life
  if (handle == nullptr)
    return Error{ErrorCode::not_found,
                 fmt::format("the solver CBC ({}) is not installed here: apt-get install "
                             "coinor-libcbc3",
                             library)};
  Cbc cbc;
  const char* missing = nullptr;
  const auto find = [&](auto& into, const char* name) {
    into = reinterpret_cast<std::remove_reference_t<decltype(into)>>(::dlsym(handle, name));
    if (into == nullptr && missing == nullptr) missing = name;
  };
  find(cbc.new_model, "Cbc_newModel");
  find(cbc.delete_model, "Cbc_deleteModel");
  find(cbc.load, "Cbc_loadProblem");
  find(cbc.set_integer, "Cbc_setInteger");
  find(cbc.set_log_level, "Cbc_setLogLevel");
  find(cbc.set_parameter, "Cbc_setParameter");
  find(cbc.solve, "Cbc_solve");
  find(cbc.proven_optimal, "Cbc_isProvenOptimal");
  find(cbc.proven_infeasible, "Cbc_isProvenInfeasible");
  find(cbc.solution, "Cbc_getColSolution");
  find(cbc.objective, "Cbc_getObjValue");
  find(cbc.bound, "Cbc_getBestPossibleObjValue");
  if (missing != nullptr)
    return Error{ErrorCode::version_refused, fmt::format("{} has no {}", library, missing)};
  return cbc;
}

void load(const Cbc& cbc, void* model, const IntegerProgram& program) {
  std::vector<int> starts = {0};
  std::vector<int> rows;
  std::vector<double> coefficients;
  std::vector<double> costs;
  for (const IntegerProgram::Column& column : program.columns) {
    for (const auto& [row, coefficient] : column.rows) {
      rows.push_back(row);
      coefficients.push_back(coefficient);
    }
    starts.push_back(static_cast<int>(rows.size()));
    costs.push_back(column.cost);
  }
  const auto columns = static_cast<int>(costs.size());
  const std::vector<double> low(costs.size(), 0);
  const std::vector<double> high(costs.size(), std::numeric_limits<double>::max());
  const std::vector<double> most(program.at_least.size(), std::numeric_limits<double>::max());
  cbc.load(model, columns, static_cast<int>(program.at_least.size()), starts.data(), rows.data(),
           coefficients.data(), low.data(), high.data(), costs.data(), program.at_least.data(),
           most.data());
  for (int i = 0; i < columns; ++i) cbc.set_integer(model, i);
}

}  // namespace

Result<Solution> minimize(const IntegerProgram& program, double seconds,
                          const std::string& library) {
  TRY_ASSIGN(const Cbc cbc, open(library));
  const std::unique_ptr<void, void (*)(void*)> model(cbc.new_model(), cbc.delete_model);
  cbc.set_log_level(model.get(), 0);
  cbc.set_parameter(model.get(), "log", "0");
  cbc.set_parameter(model.get(), "seconds", fmt::format("{:g}", seconds).c_str());
  load(cbc, model.get(), program);
  cbc.solve(model.get());
  Solution found;
  found.optimal = cbc.proven_optimal(model.get()) != 0;
  if (!found.optimal && cbc.proven_infeasible(model.get()) != 0)
    return Error{ErrorCode::invalid_argument, "the solver says that no solution exists"};
  const double* values = cbc.solution(model.get());
  found.objective = cbc.objective(model.get());
  if (values == nullptr || !(std::abs(found.objective) < 1e40))
    return Error{ErrorCode::timeout,
                 fmt::format("the solver found no solution within {:g} s", seconds)};
  for (std::size_t i = 0; i < program.columns.size(); ++i)
    found.values.push_back(std::round(values[i]));
  found.bound = found.optimal ? found.objective : cbc.bound(model.get());
  return found;
}

}  // namespace assay::solver
