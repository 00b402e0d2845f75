using System.Text;
using Belay.Domain.Contract;

namespace Belay.Planning.Environments;

/// <summary>Where a secret's value comes from. A closed hierarchy.</summary>
internal abstract record SecretSource
{
    private SecretSource() { }

    /// <summary>The value now.</summary>
    /// <exception cref="OperationException">Refused: the source cannot be read.</exception>
    public abstract string Read(string name);

    /// <summary>An environment variable of the process.</summary>
    public sealed record Variable(string VariableName, Func<string, string?> Variables) : SecretSource
    {
        public override string Read(string name) =>
            Variables(VariableName) is { Length: > 0 } value
                ? value
                : throw OperationException.Refused(
                    $"the secret '{name}' has no value: set the environment variable {VariableName}"
                );
    }

    /// <summary>A file (absolute path); one line break at its end is no part of the value.</summary>
    public sealed record InFile(string Path) : SecretSource
    {
        private const int GreatestBytes = 64 * 1024;

        public override string Read(string name)
        {
            try
            {
                using var stream = File.OpenRead(Path);
                var buffer = new byte[GreatestBytes + 1];
                var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (length > GreatestBytes)
                    throw OperationException.Refused($"the secret '{name}': {Path} is larger than 64 KB");
                var value = Encoding.UTF8.GetString(buffer, 0, length);
                return value.EndsWith("\r\n", StringComparison.Ordinal) ? value[..^2]
                    : value.EndsWith('\n') ? value[..^1]
                    : value;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw OperationException.Refused($"the secret '{name}' cannot be read from {Path}: {e.Message}", e);
            }
        }
    }
}
