namespace Belay.Planning;

/// <summary>The codes of diagnostics. A code never changes its meaning.</summary>
public static class DiagnosticCodes
{
    /// <summary>The file cannot be read.</summary>
    public const string File = "file";

    /// <summary>The file is larger, deeper or has more nodes than is allowed.</summary>
    public const string Limit = "limit";

    /// <summary>The file is not UTF-8 text.</summary>
    public const string Encoding = "encoding";

    /// <summary>The file is no YAML, or uses a part of YAML that is not supported.</summary>
    public const string Yaml = "yaml";

    /// <summary>A key stands twice in the same place.</summary>
    public const string DuplicateKey = "duplicate-key";

    /// <summary>A key that nobody reads.</summary>
    public const string UnknownKey = "unknown-key";

    /// <summary>A key that must be there is not.</summary>
    public const string MissingKey = "missing-key";

    /// <summary>A value is of another type, or out of its range.</summary>
    public const string WrongValue = "wrong-value";

    /// <summary>An item of no kind, or of two.</summary>
    public const string ItemKind = "item-kind";

    /// <summary>An id is used twice, or has letters that an id cannot have.</summary>
    public const string StepId = "step-id";

    /// <summary>No operation has this name, or it is of the other kind.</summary>
    public const string Operation = "operation";

    /// <summary>The inputs of an operation do not fit together.</summary>
    public const string OperationInput = "operation-input";

    /// <summary>A reference to something that does not exist, or cannot be known there.</summary>
    public const string Reference = "reference";

    /// <summary>A secret that does not exist, or stands where it would be seen.</summary>
    public const string Secret = "secret";

    /// <summary>A connection that the environment does not have, or of another kind.</summary>
    public const string Connection = "connection";

    /// <summary>A person's key that is none, or is somebody else's.</summary>
    public const string Key = "key";

    /// <summary>An input of the plan that is missing, unknown, or of another type.</summary>
    public const string Input = "input";

    /// <summary>The environment does not exist.</summary>
    public const string Environment = "environment";

    /// <summary>A file or a folder of a release cannot be used.</summary>
    public const string Release = "release";

    /// <summary>A component that the compatibility file does not state, or that is named where it cannot be.</summary>
    public const string Component = "component";

    /// <summary>A version that a component does not have, or a range in which none of its versions lies.</summary>
    public const string Version = "version";

    /// <summary>A file uses itself, directly or through others.</summary>
    public const string UseCycle = "use-cycle";
}
