using static TorchSharp.torch;

namespace Vision.Ops.Cuda;

/// <summary>Compiles kernels on first use, and launches them on libtorch's current stream.</summary>
internal sealed unsafe class CudaRuntime(CudaDriver driver, Nvrtc compiler, CurrentStream stream, KernelCache cache)
{
    private readonly Lock entry = new();
    private readonly Dictionary<int, CudaDevice> devices = [];

    /// <summary>
    /// Launches a kernel without waiting for it. The tensors may be freed at once: libtorch reuses their memory in stream order.
    /// </summary>
    /// <param name="source">The kernel's source.</param>
    /// <param name="name">Its name in the source.</param>
    /// <param name="device">The GPU of the tensors.</param>
    /// <param name="grid">The threads.</param>
    /// <param name="arguments">The arguments, in the kernel's order.</param>
    /// <exception cref="InvalidOperationException">
    /// The kernel does not compile, or the driver rejects it; the message is the compiler's or the driver's.
    /// </exception>
    public void Launch(KernelSource source, string name, Device device, Grid grid, params ReadOnlySpan<KernelArgument> arguments)
    {
        int room = 0;
        foreach (KernelArgument argument in arguments) room += argument.Room;
        byte* values = stackalloc byte[room];
        void** pointers = stackalloc void*[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].Write(values, source);
            pointers[i] = values;
            values += arguments[i].Room;
        }

        CudaDevice gpu = DeviceAt(device.index);
        using (gpu.Enter())
        {
            nint function;
            lock (entry) function = gpu.Function(source, name, () => Compile(source, gpu.Architecture));
            nint order = stream.On(device.index);
            driver.Check(driver.LaunchKernel(function, grid.Columns, grid.Rows, 1, grid.BlockSize, 1, 1, 0, order, pointers, null), name);
        }
        foreach (KernelArgument argument in arguments) argument.KeepAlive();
    }

    private CudaDevice DeviceAt(int index)
    {
        lock (entry)
        {
            if (!devices.TryGetValue(index, out CudaDevice? device)) devices.Add(index, device = new(driver, index));
            return device;
        }
    }

    private byte[] Compile(KernelSource source, int architecture)
    {
        string[] headers = [.. KernelSource.Headers.SelectMany(header => (string[])[header.Name, header.Text])];
        return cache.Get(
            [$"NVRTC {compiler.Version}", $"{architecture}", source.Text, .. headers, .. source.Options],
            () => compiler.Compile(source.File, source.Text, KernelSource.Headers, source.Options, architecture));
    }
}
