// Times the project's kernels: dotnet run -c Release --project tools/Benchmarks -- --filter '*RoiAlign*'
// tools/bench-vs-torchvision compares whole models with torchvision.
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: otherwise BenchmarkDotNet would create a project with a copy of libtorch for each benchmark.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
