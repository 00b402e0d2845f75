using System.Runtime.InteropServices;

namespace Hostile;

/// <summary>What an input costs the thread that reads it.</summary>
/// <param name="Processor">Processor time, not wall time: others use the machine, too.</param>
/// <param name="Allocated">Bytes allocated, whether they were given back or not.</param>
internal sealed partial record Cost(TimeSpan Processor, long Allocated)
{
    /// <summary>The most that an input below 64 KB may take.</summary>
    public static Cost Greatest { get; } = new(TimeSpan.FromSeconds(2), 512L * 1024 * 1024);

    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>What this thread has cost so far.</summary>
    public static Cost Now
    {
        get
        {
            _ = GetTime(ThreadProcessorTime, out var time);
            return new Cost(
                TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)),
                GC.GetAllocatedBytesForCurrentThread()
            );
        }
    }

    public bool IsTooMuch => Processor > Greatest.Processor || Allocated > Greatest.Allocated;

    public Cost Since(Cost before) => new(Processor - before.Processor, Allocated - before.Allocated);

    /// <summary>The greater one, each part for itself.</summary>
    public Cost Or(Cost other) =>
        new(Processor > other.Processor ? Processor : other.Processor, Math.Max(Allocated, other.Allocated));

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
