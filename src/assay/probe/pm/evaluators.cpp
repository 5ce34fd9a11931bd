// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/evaluators.hpp"

#include <algorithm>
#include <utility>

namespace assay::probe::pm {

Evaluators::Evaluators(std::vector<Host> hosts, std::vector<Column> columns)
    : hosts_(std::move(hosts)), columns_(std::move(columns)) {
  for (const Column& column : columns_) names_.push_back(column.metric.c_str());
  for (Host& host : std::span(hosts_).subspan(1))
    threads_.emplace_back([this, &host] { work(host); });
}

Evaluators::~Evaluators() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Evaluators::submit(Batch batch) {
  const std::scoped_lock lock(mutex_);
  jobs_.emplace_back().batch = std::move(batch);
  changed_.notify_all();
}

void Evaluators::evaluate_here(Batch batch) {
  Job job;
  job.batch = std::move(batch);
  job.begun = job.done = true;
  finish(hosts_.front(), job);
  const std::scoped_lock lock(mutex_);
  give_back(std::move(job.batch.data));
  jobs_.push_back(std::move(job));
}

void Evaluators::lend(std::shared_ptr<CounterData> data) {
  const std::scoped_lock lock(mutex_);
  returned_.push_back(std::move(data));
}

std::shared_ptr<CounterData> Evaluators::returned() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !returned_.empty(); });
  // The last one used: the likeliest to be in a cache still.
  std::shared_ptr<CounterData> data = std::move(returned_.back());
  returned_.pop_back();
  return data;
}

Status Evaluators::give_out(const Take& take, bool all) {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (all) changed_.wait(lock, [this] { return jobs_.empty() || jobs_.front().done; });
      if (jobs_.empty() || !jobs_.front().done) return {};
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    TRY(job.status);
    take(job.ticks);
  }
}

Evaluators::Job* Evaluators::next_job() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (over_) return nullptr;
    const auto next = std::ranges::find(jobs_, false, &Job::begun);
    if (next != jobs_.end()) {
      next->begun = true;
      return &*next;
    }
    changed_.wait(lock);
  }
}

void Evaluators::work(Host& host) {
  while (Job* job = next_job()) {
    finish(host, *job);
    const std::scoped_lock lock(mutex_);
    give_back(std::move(job->batch.data));
    job->done = true;
    changed_.notify_all();
  }
}

void Evaluators::finish(Host& host, Job& job) const {
  evaluate(host, job);
  CounterData& data = *job.batch.data;
  if (data.again()) data.reset(job.batch.populated);
}

void Evaluators::give_back(std::shared_ptr<CounterData> data) {
  if (data->again()) returned_.push_back(std::move(data));
}

void Evaluators::evaluate(Host& host, Job& job) const {
  std::vector<const char*> names = names_;
  std::vector<double> values(names.size());
  job.ticks.resize(job.batch.times.size());
  for (std::size_t i = 0; i < job.ticks.size(); ++i) {
    const TickTime& time = job.batch.times[i];
    job.status = host.evaluate(std::as_const(*job.batch.data).bytes(), time.place, names, values);
    if (!job.status) return;
    sample::Tick& tick = job.ticks[i];
    tick.begin_ns = time.begin_ns;
    tick.end_ns = time.end_ns;
    fill(tick, columns_, values);
  }
}

}  // namespace assay::probe::pm
