//! The few things about children that differ between systems: process groups, looking at an end
//! without reaping it, killing.

#[cfg(not(unix))]
pub(crate) use elsewhere::{Group, hide_own_process, in_own_group};
#[cfg(unix)]
pub(crate) use unix::{Group, hide_own_process, in_own_group};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, ExitStatus};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    pub(crate) fn in_own_group(command: &mut Command) {
        command.process_group(0);
    }

    /// A started child and the process group it leads.
    pub(crate) struct Group {
        child: Child,
        id: Pid,
    }

    impl Group {
        pub(crate) fn new(child: Child) -> io::Result<Self> {
            let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            let id = id.ok_or_else(|| io::Error::other("the child has no process id"))?;
            Ok(Self { child, id })
        }

        /// Whether the child has ended. It is left unreaped, so that its id (and its group's) cannot
        /// be given to a stranger before the group is killed.
        pub(crate) fn has_ended(&mut self) -> io::Result<bool> {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            match waitid(WaitId::Pid(self.id), options) {
                Ok(state) => Ok(state.is_some()),
                Err(rustix::io::Errno::INTR) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }

        /// Kills what is left of the group, then reaps the child.
        pub(crate) fn end(mut self) -> io::Result<ExitStatus> {
            // Nobody left to kill is what we hope for.
            let _ = kill_process_group(self.id, Signal::KILL);
            self.child.wait()
        }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn hide_own_process() -> io::Result<()> {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn hide_own_process() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;
    use std::process::{Child, Command, ExitStatus};

    pub(crate) fn in_own_group(_command: &mut Command) {}

    /// A started child; systems without process groups leave its descendants alone.
    pub(crate) struct Group {
        child: Child,
    }

    impl Group {
        pub(crate) fn new(child: Child) -> io::Result<Self> {
            Ok(Self { child })
        }

        pub(crate) fn has_ended(&mut self) -> io::Result<bool> {
            Ok(self.child.try_wait()?.is_some())
        }

        pub(crate) fn end(mut self) -> io::Result<ExitStatus> {
            // A child that has ended already cannot be killed.
            let _ = self.child.kill();
            self.child.wait()
        }
    }

    pub(crate) fn hide_own_process() -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_can_be_hidden_from_its_children() {
        hide_own_process().unwrap();
        let behavior = rustix::process::dumpable_behavior().unwrap();
        assert_eq!(behavior, rustix::process::DumpableBehavior::NotDumpable);
    }
}
