// CUDA C++ as plain C++, for kernels that are run by a CPU in a test: one thread after the other, as fibers that __syncthreads makes wait
// for the rest of their block.
#include <ucontext.h>

#include <cmath>
#include <cstddef>
#include <functional>
#include <random>
#include <type_traits>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __shared__ static

struct Places {
  unsigned x, y, z;
};
static Places threadIdx, blockIdx, blockDim, gridDim;

template <typename T>
T atomicAdd(T* place, T value) {
  T before = *place;
  *place += value;
  return before;
}

struct Fiber {
  ucontext_t context;
  std::vector<char> stack = std::vector<char>(64 * 1024);
  bool isDone;
};
static std::vector<Fiber> fibers;
static ucontext_t scheduler;
static std::function<void()> body;

[[maybe_unused]] static void __syncthreads() {
  swapcontext(&fibers[threadIdx.x].context, &scheduler);
}

static void runFiber() {
  body();
  fibers[threadIdx.x].isDone = true;
}

static void runBlock() {
  for (unsigned thread = 0; thread < blockDim.x; ++thread) {
    Fiber& fiber = fibers[thread];
    fiber.isDone = false;
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.data();
    fiber.context.uc_stack.ss_size = fiber.stack.size();
    fiber.context.uc_link = &scheduler;
    makecontext(&fiber.context, runFiber, 0);
  }
  for (bool isRunning = true; isRunning;) {
    isRunning = false;
    // Either way around, by chance, so that a __syncthreads that is missing shows.
    static std::minstd_rand random;
    bool isForward = random() % 2 == 0;
    for (unsigned i = 0; i < blockDim.x; ++i) {
      unsigned thread = isForward ? i : blockDim.x - 1 - i;
      if (!fibers[thread].isDone) {
        threadIdx = {thread, 0, 0};
        swapcontext(&scheduler, &fibers[thread].context);
        isRunning |= !fibers[thread].isDone;
      }
    }
  }
}

template <typename... P, size_t... I>
void call(void (*kernel)(P...), void** parameters, std::index_sequence<I...>) {
  kernel(*static_cast<P*>(parameters[I])...);
}

template <typename... P>
void emulate(void (*kernel)(P...), unsigned columns, unsigned rows, unsigned threads, void** parameters) {
  gridDim = {columns, rows, 1};
  blockDim = {threads, 1, 1};
  fibers.resize(threads);
  body = [=] { call(kernel, parameters, std::index_sequence_for<P...>()); };
  for (unsigned row = 0; row < rows; ++row) {
    for (unsigned column = 0; column < columns; ++column) {
      blockIdx = {column, row, 0};
      runBlock();
    }
  }
}

/// As the driver's cuLaunchKernel would call it.
#define EMULATE(kernel)                                                                                           \
  extern "C" void launch_##kernel(unsigned columns, unsigned rows, unsigned threads, void** parameters) {        \
    emulate(kernel, columns, rows, threads, parameters);                                                         \
  }
