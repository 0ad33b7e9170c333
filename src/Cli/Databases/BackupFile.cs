namespace Slipway.Cli.Databases;

/// <summary>What is in a backup, as its last line says.</summary>
internal sealed record BackupSummary(int Tables, long Rows);

/// <summary>
/// The format: an SQL script, gzipped, that any psql reads too. Lines that begin with the mark divide it, so that a reader needs to know
/// no SQL; the last one says how much there must have been, so that a file that was cut short is noticed.
/// </summary>
internal static class BackupFile
{
    public const string Mark = "-- slipway: ";
    public const string Begin = Mark + "backup 1";
    public const string Statement = Mark + "statement";
    public const string Data = Mark + "data";
    public const string End = Mark + "end ";
    public const string EndOfRows = "\\.";

    /// <summary>What the statements are written for.</summary>
    public static readonly IReadOnlyList<string> Settings =
        ["SET search_path = ''", "SET check_function_bodies = off", "SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on", "SET DateStyle = 'ISO'", "SET IntervalStyle = 'postgres'", "SET extra_float_digits = 3"];
}
