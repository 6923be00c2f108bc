namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched or changed from outside.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private protected readonly List<TPreHook> preHooks = [];
            private protected readonly List<TPostHook> postHooks = [];
            private readonly List<Action<Module>> modulePreHooks = [];
            private readonly List<Action<Module>> modulePostHooks = [];

            protected HookableModule(string name) : base(name) { }

            public HookRemover register_forward_hook(TPostHook hook) => Register(postHooks, hook);
            public HookRemover register_forward_hook(Action<Module> hook) => Register(modulePostHooks, hook);
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(preHooks, hook);
            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(modulePreHooks, hook);

            private protected void RunModulePreHooks() => modulePreHooks.ForEach(hook => hook(this));
            private protected void RunModulePostHooks() => modulePostHooks.ForEach(hook => hook(this));

            private static HookRemover Register<THook>(List<THook> hooks, THook hook)
            {
                hooks.Add(hook);
                return new HookRemover(() => hooks.Remove(hook));
            }

            /// <summary>Takes a hook away again.</summary>
            public class HookRemover
            {
                private readonly Action removeHook;

                internal HookRemover(Action removeHook) => this.removeHook = removeHook;

                public void remove() => removeHook();
            }
        }
    }
}
