// Times the project's kernels: dotnet run -c Release --project tools/Benchmarks -- --filter '*RoiAlign*'
// Whole models are timed beside torchvision by tools/bench-vs-torchvision.
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: a project that BenchmarkDotNet made for each benchmark would copy libtorch once more.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
