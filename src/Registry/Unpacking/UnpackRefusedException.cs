namespace Slipway.Registry.Unpacking;

/// <summary>
/// Thrown from deep inside an archive and turned into a failure where unpacking began. It never leaves this folder.
/// </summary>
internal sealed class UnpackRefusedException(string message) : Exception(message);
