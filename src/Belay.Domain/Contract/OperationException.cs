using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>The three ways in which an operation fails.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>Nothing was done, and trying again may help. Retried within the step's limit.</summary>
    [JsonStringEnumMemberName("transient")]
    Transient,

    /// <summary>The system said no. Trying again does not help.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>Whether it happened is not known: observe before anything else.</summary>
    [JsonStringEnumMemberName("outcome-unknown")]
    OutcomeUnknown,
}

/// <summary>A typed failure of an operation. The message says what, where and what to do next, and never holds a secret.</summary>
public sealed class OperationException : Exception
{
    /// <summary>A failure of the given kind.</summary>
    public OperationException(FailureKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>Which way it failed.</summary>
    public FailureKind Kind { get; }

    /// <summary>Nothing was done, and trying again may help.</summary>
    public static OperationException Transient(string message, Exception? inner = null) =>
        new(FailureKind.Transient, message, inner);

    /// <summary>The system said no.</summary>
    public static OperationException Refused(string message, Exception? inner = null) =>
        new(FailureKind.Refused, message, inner);

    /// <summary>Whether it happened is not known.</summary>
    public static OperationException OutcomeUnknown(string message, Exception? inner = null) =>
        new(FailureKind.OutcomeUnknown, message, inner);
}
