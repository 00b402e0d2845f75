using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Contract;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>One encrypted file a value (AES-256-GCM), named by a keyed digest of it (HMAC-SHA-256).</summary>
/// <remarks>A file holds nonce (12 bytes), tag (16) and cipher text. The length of a value can be told from its file.</remarks>
internal sealed class FileSealedValues(StoreFolder store, string keys) : ISealedValues
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly SealKeys keys = new(store, keys);

    public string Seal(string run, string value)
    {
        var key = keys.OfOrNew(run);
        var plain = Encoding.UTF8.GetBytes(value);
        var name = Convert.ToHexStringLower(HMACSHA256.HashData(key.Naming, plain));
        var path = PathOf(run, name);
        if (!File.Exists(path))
            DurableFile.Write(path, Encrypt(key, run, name, plain));
        return name;
    }

    public string Unseal(string run, string name)
    {
        var path = PathOf(run, name);
        if (keys.Of(run) is not { } key || !File.Exists(path))
            throw new JournalException(
                JournalFault.Missing,
                $"the sealed value {name} of the run {run} is gone: the run was closed, or its key was lost. "
                    + "What needs it cannot be taken back by Belay"
            );
        try
        {
            return Encoding.UTF8.GetString(Decrypt(key, run, name, File.ReadAllBytes(path)));
        }
        catch (CryptographicException e)
        {
            throw Faults.Damaged(path, "it was changed after it was sealed, or its key was replaced", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    public void Remove(string run)
    {
        // The key first: without it the files are worth nothing, wherever copies of them lie.
        keys.Remove(run);
        RemoveFolder(store.Sealed(run));
        RemoveFolder(Path.Combine(store.Work(run), ScopeExtensions.SecretFolderName));
    }

    private static void RemoveFolder(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
                return;
            Directory.Delete(folder, recursive: true);
            DurableFile.FlushFolder(Path.GetDirectoryName(folder)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(folder, e);
        }
    }

    private string PathOf(string run, string name) =>
        name.Length == 64 && name.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(store.Sealed(run), name)
            : throw new ArgumentException($"'{name}' is no name of a sealed value", nameof(name));

    private static byte[] Encrypt(SealKey key, string run, string name, byte[] plain)
    {
        var file = new byte[NonceLength + TagLength + plain.Length];
        var nonce = file.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Sealing, TagLength);
        aes.Encrypt(
            nonce,
            plain,
            file.AsSpan(NonceLength + TagLength),
            file.AsSpan(NonceLength, TagLength),
            Belonging(run, name)
        );
        return file;
    }

    private static byte[] Decrypt(SealKey key, string run, string name, byte[] file)
    {
        if (file.Length < NonceLength + TagLength)
            throw new CryptographicException("it is too short");
        var plain = new byte[file.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Sealing, TagLength);
        aes.Decrypt(
            file.AsSpan(0, NonceLength),
            file.AsSpan(NonceLength + TagLength),
            file.AsSpan(NonceLength, TagLength),
            plain,
            Belonging(run, name)
        );
        return plain;
    }

    // A file that is moved to another name or run does not open.
    private static byte[] Belonging(string run, string name) => Encoding.UTF8.GetBytes($"{run}/{name}");
}
