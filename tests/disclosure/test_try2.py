import time, collections, os, pickle
from tests.disclosure.worlds import World, quarters
from ramsess.reports.disclosure import region_edition, DisclosureError
from ramsess.reports.disclosure import attacker as A, suppression as S
from ramsess.reports.period import Period
def test_try(blank):
    seed=int(os.environ.get("SEED","3"))
    w=World.random(blank, seed)
    orig=A.optimize.milp; log=[]
    def milp(c,*a,**k):
        t=time.time(); r=orig(c,*a,**k); d=time.time()-t
        log.append((d,'push' if 'integrality' in k else 'path',len(c),r.status)); return r
    A.optimize.milp=milp
    orun=S.Suppression._hide_all
    def ha(self):
        print('HIDE ALL', flush=True); return orun(self)
    S.Suppression._hide_all=ha
    oroom=S.Suppression._make_room
    def mr(self,t):
        oroom(self,t); print('ROOM', self.attacker.need[t], self.system.targets[t].label, self.system.targets[t].is_current)
    S.Suppression._make_room=mr
    earlier=[]
    periods=[*quarters(2008),Period.of_year(2008),*quarters(2009),Period.of_year(2009)]
    for n,p in enumerate(periods):
            if seed%3==0 and n in (3,7): w.come_late(seed,periods[n-2])
            r=w.report(p); t1=time.time(); log.clear()
            try: e=region_edition(r, earlier, 5)
            except DisclosureError as x: print(x); continue
            earlier.append(e.release)
            print(p, round(time.time()-t1,2), len(log), sum(l[1]=='path' for l in log), sorted(log)[-4:], dict(collections.Counter(x.why.name for x in e.reasons)), flush=True)
    A.optimize.milp=orig
