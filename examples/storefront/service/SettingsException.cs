namespace Storefront;

/// <summary>A setting is missing or makes no sense; the message says which.</summary>
internal sealed class SettingsException(string message) : Exception(message);
