using System.Globalization;

namespace Vision.Training;

/// <summary>What a launcher told this process about the others in its environment variables.</summary>
internal static class Launcher
{
    /// <summary>The number of processes that were started together, as far as the environment tells; 1 without a launcher.</summary>
    /// <exception cref="InputException">Slurm started several processes without the interface by which they find each other.</exception>
    public static int Processes()
    {
        int mpi = Number("OMPI_COMM_WORLD_SIZE") ?? Number("PMI_SIZE") ?? 1;
        // srun sets this for each step; the variables of the whole job are also set in batch scripts, which are a single process.
        int step = Number("SLURM_STEP_NUM_TASKS") ?? 1;
        if (mpi == 1 && step > 1)
        {
            if (Environment.GetEnvironmentVariable("PMIX_RANK") is null && Environment.GetEnvironmentVariable("PMI_RANK") is null)
                throw new InputException(
                    $"srun started {step} processes without PMIx, by which MPI connects them: add --mpi=pmix to srun, or use mpirun.");
            return step;
        }
        return mpi;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : null;
}
