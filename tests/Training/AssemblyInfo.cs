// The generator of random numbers and the count of live tensors are the process's: tests that look at them cannot run side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
