namespace Belay.Domain.Contract;

/// <summary>
/// Marks a text member (or a list of texts) of an operation's inputs that names a file or a folder which the operation reads:
/// a script, a folder of migrations. It must be there when the plan is read, and its content counts into the hash that an approval covers.
/// A relative path begins at the plan's folder. Not for files that come into being during the run.
/// </summary>
/// <remarks>A path with a reference that only the run resolves (a loop's member, an earlier step's output) is not known beforehand, so its content is not counted.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FileInputAttribute : Attribute;
