using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>An exclusive lock on a whole file that belongs to the open file and ends with it, also when its process is killed.</summary>
/// <remarks>
/// fcntl(2), "Open file description locks". Like flock(2), but a third party can ask for it without taking it, and it is
/// not mixed up with the flock that .NET itself takes on every file that it opens.
/// </remarks>
internal static class OwnedLock
{
    private const int Get = 36; // F_OFD_GETLK
    private const int Set = 37; // F_OFD_SETLK
    private const int SetAndWait = 38; // F_OFD_SETLKW
    private const short Exclusive = 1; // F_WRLCK
    private const short None = 2; // F_UNLCK

    /// <summary>Takes the lock; false when another open file holds it.</summary>
    public static bool TryTake(SafeFileHandle file) =>
        Call(file, Set, Exclusive, out _) switch
        {
            0 => true,
            Libc.WouldBlock => false,
            var error => throw Failure(error),
        };

    /// <summary>Waits until it has the lock.</summary>
    public static void Take(SafeFileHandle file)
    {
        int error;
        do error = Call(file, SetAndWait, Exclusive, out _);
        while (error == Libc.Interrupted);
        if (error != 0)
            throw Failure(error);
    }

    /// <summary>Gives the lock back.</summary>
    public static void Release(SafeFileHandle file) => _ = Call(file, Set, None, out _);

    /// <summary>Whether another open file holds the lock.</summary>
    public static bool IsTaken(SafeFileHandle file) =>
        Call(file, Get, Exclusive, out var found) is var error and not 0 ? throw Failure(error) : found != None;

    private static int Call(SafeFileHandle file, int command, short type, out short found)
    {
        var region = new Libc.LockRegion { Type = type };
        var error = Libc.Lock(file, command, ref region) == 0 ? 0 : Marshal.GetLastPInvokeError();
        found = region.Type;
        return error;
    }

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error));
}
