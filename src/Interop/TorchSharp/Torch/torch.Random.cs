namespace TorchSharp;

public static partial class torch
{
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed)
        {
            Libtorch.Checked(Libtorch.vt_manual_seed((ulong)seed));
            return Generator.Default;
        }

        public static long initial_seed()
        {
            using Generator generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using Generator generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using Generator generator = Generator.Default;
            generator.set_state(new_state);
        }
    }

    /// <summary>A source of random numbers: one of its own, or the CPU's default one.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null) : this(device ?? CPU, isDefault: false) => manual_seed((long)seed);

        private Generator(Device device, bool isDefault)
        {
            this.device = device;
            handle = Libtorch.Checked(Libtorch.vt_generator_new(device.Bits, isDefault ? 1 : 0));
        }

        ~Generator() => Dispose(false);

        /// <summary>The CPU's default generator: each time a reference of its own, so that disposing one leaves the generator alone.</summary>
        public static Generator Default => new(CPU, isDefault: true);

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Tensor get_state() => new(Libtorch.Checked(Libtorch.vt_generator_state(Handle)));

        public void set_state(Tensor value) => Libtorch.Checked(Libtorch.vt_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            Libtorch.Checked(Libtorch.vt_generator_seed(Handle, (ulong)seed));
            return this;
        }

        public long initial_seed() => (long)Libtorch.vt_generator_initial_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint freed = Interlocked.Exchange(ref handle, 0);
            if (freed != 0) Libtorch.vt_generator_free(freed);
        }
    }
}
