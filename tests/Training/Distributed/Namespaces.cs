using System.Diagnostics;
using Vision.Testing;

namespace Vision.Training.Tests;

/// <summary>Two machines, as far as MPI can tell: network namespaces with a cable between them.</summary>
internal sealed class Namespaces : IDisposable
{
    private readonly string first = $"va{Environment.ProcessId}", second = $"vb{Environment.ProcessId}";
    private readonly string agent;

    public Namespaces(TempFolder folder)
    {
        agent = folder.Write("agent", $"#!/bin/sh\nshift\nexec ip netns exec {second} unshare -u sh -c \"hostname nodeb; $*\"\n");
        Shell($"""
            ip netns add {first}; ip netns add {second}
            ip link add {first}e type veth peer name {second}e
            ip link set {first}e netns {first}; ip link set {second}e netns {second}
            ip -n {first} addr add 10.77.0.1/24 dev {first}e; ip -n {second} addr add 10.77.0.2/24 dev {second}e
            ip -n {first} link set lo up; ip -n {second} link set lo up
            ip -n {first} link set {first}e up; ip -n {second} link set {second}e up
            chmod +x {agent}
            """);
    }

    /// <summary>Whether this machine permits them.</summary>
    public static bool Exist()
    {
        if (!OperatingSystem.IsLinux()) return false;
        using Process probe = Process.Start("sh", ["-c", "unshare -nm true 2>/dev/null && command -v ip >/dev/null"]);
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    /// <summary>Runs a scenario with one process on each, and pulls the cable once a file exists.</summary>
    /// <returns>What was written until the processes had ended: the launcher itself waits longer for its other half.</returns>
    public Ranks.Result RunAndCut(string scenario, string run, string whenExists)
    {
        string program = string.Join(' ', Ranks.Program),
            networks = "--mca oob_tcp_if_include 10.77.0.0/24 --mca btl_tcp_if_include 10.77.0.0/24";
        return Ranks.Start("timeout", "-s", "KILL", "100", "ip", "netns", "exec", first, "unshare", "-u",
            "sh", "-c", $"hostname nodea; mpirun --quiet --allow-run-as-root --bind-to none --mca plm_rsh_agent {agent} {networks} " +
            $"--host 10.77.0.1:1,10.77.0.2:1 -n 2 {program} {scenario} {run} & launcher=$!; " +
            $"while [ ! -s {whenExists} ]; do sleep 0.2; done; sleep 1; ip -n {second} link set {second}e down; " +
            $"while pgrep -f '[T]ests.dll {scenario} {run}' | xargs -r ps -o args= -p | grep -qv mpirun; " +
                $"do sleep 0.5; done; kill -9 $launcher $(ip netns pids {second})");
    }

    public void Dispose() => Shell(
        $"for p in $(ip netns pids {first}; ip netns pids {second}); do kill -9 $p; done; ip netns del {first}; ip netns del {second}");

    private static void Shell(string script)
    {
        using Process process = Process.Start("sh", ["-c", script]);
        process.WaitForExit();
    }
}
